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

    T Visit(TokenTypeIds operation, Node node);

    T Visit(InputVectors operation, Node node);

    T Visit(FirstToken operation, Node node);

    T Visit(Slice operation, Node node);

    T Visit(JoinHeads operation, Node node);

    T Visit(Clamp operation, Node node);

    T Visit(Shift operation, Node node);

    T Visit(Cap operation, Node node);

    T Visit(ScaleRows operation, Node node);

    T Visit(Route operation, Node node);

    T Visit(MixExperts operation, Node node);

    T Visit(Dropout operation, Node node);

    T Visit(WantedRows operation, Node node);

    T Visit(TargetIds operation, Node node);

    T Visit(CrossEntropy operation, Node node);
}
