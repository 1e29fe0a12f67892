//HintName: A.g.cs
class A;