namespace Formwork.Compiler.Spec;

/// <summary>The linear map from the residual stream to logits.</summary>
/// <param name="Tied">Whether it is the token embedding, transposed (<c>embedding: {tied: true}</c>).</param>
/// <param name="Bias">Whether a bias a token is added.</param>
public sealed record UnembeddingSpec(bool Tied, bool Bias)
{
    /// <summary>Logits z become cap·tanh(z / cap) (Gemma 2); null for no cap.</summary>
    public double? Cap { get; init; }

    /// <summary>What logits are multiplied by (Granite; T5 by width^−½).</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The activation of a linear map and norm before the product (BERT's masked-language-model head); null for none.</summary>
    public Activation? Transform { get; init; }

    /// <summary>Whether that map has a bias.</summary>
    public bool TransformBias { get; init; }

    /// <summary>The norm after it; null without a transform.</summary>
    public NormSpec? TransformNorm { get; init; }
}

/// <summary>What an encoder makes of a sequence's first token: activation(linear(x)), perhaps normed.</summary>
public sealed record PoolerSpec(Activation Activation, bool Bias)
{
    /// <summary>The norm after it; null for none.</summary>
    public NormSpec? Norm { get; init; }
}

/// <summary>A linear map from the pooler's output, or from the first token's state, to labels.</summary>
public sealed record ClassifierSpec(int Labels, bool Bias);

/// <summary>Which states make the vector of a text.</summary>
public enum PoolingKind
{
    /// <summary>The mean of all tokens'.</summary>
    Mean,

    /// <summary>The first token's.</summary>
    First,
}

/// <summary>How an encoder's states become one vector a text, <c>pooling:</c>.</summary>
/// <param name="Kind">Of which tokens.</param>
/// <param name="Normalize">Whether the vector is divided by its length.</param>
public sealed record PoolingSpec(PoolingKind Kind, bool Normalize);
