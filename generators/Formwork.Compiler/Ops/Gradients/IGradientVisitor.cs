using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>One method a gradient operation: implement it to give every one a meaning of some kind.</summary>
public interface IGradientVisitor<T>
{
    T Visit(LinearInputGradient operation, Node node);

    T Visit(LinearWeightGradient operation, Node node);

    T Visit(ColumnSums operation, Node node);

    T Visit(EmbeddingGradient operation, Node node);

    T Visit(NormInputGradient operation, Node node);

    T Visit(NormGainGradient operation, Node node);

    T Visit(RotaryGradient operation, Node node);

    T Visit(ActivateGradient operation, Node node);

    T Visit(ClampGradient operation, Node node);

    T Visit(CapGradient operation, Node node);

    T Visit(SliceGradient operation, Node node);

    T Visit(RowDots operation, Node node);

    T Visit(HeadSums operation, Node node);

    T Visit(ScatterRows operation, Node node);

    T Visit(Sum operation, Node node);

    T Visit(CrossEntropyGradient operation, Node node);

    T Visit(AttentionGradient operation, Node node);

    T Visit(RouteGradient operation, Node node);

    T Visit(MixExpertsGradient operation, Node node);
}
