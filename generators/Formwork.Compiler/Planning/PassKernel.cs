namespace Formwork.Compiler.Planning;

/// <summary>A routine of the passes that infer.</summary>
public abstract record PassKernel : Kernel
{
    /// <summary>The C# arguments that a call passes before the batch and the worker.</summary>
    public abstract string CallCSharp(PlanStep step);
}
