using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops;

/// <summary>One method an operation: implement it to give every operation a meaning of some kind.</summary>
public interface IOperationVisitor<T>
{
    T Visit(TokenIds operation, Node node);

    T Visit(PositionIds operation, Node node);

    T Visit(Parameter operation, Node node);

    T Visit(Embedding operation, Node node);

    T Visit(SinusoidalPositions operation, Node node);

    T Visit(Linear operation, Node node);

    T Visit(LayerNorm operation, Node node);

    T Visit(RmsNorm operation, Node node);

    T Visit(Rotary operation, Node node);

    T Visit(Attention operation, Node node);

    T Visit(Activate operation, Node node);

    T Visit(Add operation, Node node);

    T Visit(Multiply operation, Node node);

    T Visit(Scale operation, Node node);
}
