namespace Formwork.Compiler.Graph;

/// <summary>What a model can be asked for.</summary>
public enum GraphOutput
{
    /// <summary>A number a token id: what comes next, or what stood where a mask is.</summary>
    Logits,

    /// <summary>The residual stream after the last layer of the encoder.</summary>
    HiddenStates,

    /// <summary>What the pooler makes of each sequence's first token.</summary>
    Pooled,

    /// <summary>A number a label for each sequence.</summary>
    Labels,
}
