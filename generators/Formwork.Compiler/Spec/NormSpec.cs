namespace Formwork.Compiler.Spec;

/// <summary>Norms.</summary>
public enum NormKind
{
    /// <summary>Layer norm (Ba et al. 2016): (x − mean) / √(variance + ε).</summary>
    Layer,

    /// <summary>Root-mean-square norm (Zhang and Sennrich 2019): x / √(mean of x² + ε).</summary>
    Rms,

    /// <summary>No norm: x.</summary>
    None,
}

/// <summary>Where a part's norm stands, for a part f on the residual stream x.</summary>
public enum NormPlacement
{
    /// <summary>x + f(norm(x)), and a final norm (GPT-2, Llama).</summary>
    Pre,

    /// <summary>norm(x + f(x)), and no final norm (Vaswani et al. 2017, BERT).</summary>
    Post,

    /// <summary>x + norm(f(norm(x))), and a final norm (Gemma 2).</summary>
    Both,

    /// <summary>x + norm(f(x)), and a final norm (OLMo 2).</summary>
    Output,
}

/// <summary>A norm, <c>norm:</c>.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Epsilon">Added to the variance or mean square, so that it cannot be zero.</param>
/// <param name="Bias">Whether a bias is added (layer norm only).</param>
/// <param name="UnitOffset">Whether the checkpoint stores the gain minus one, so that 1 + w multiplies (Gemma).</param>
public sealed record NormSpec(NormKind Kind, double Epsilon, bool Bias, bool UnitOffset)
{
    /// <summary>No norm.</summary>
    public static NormSpec Nothing { get; } = new(NormKind.None, 0, Bias: false, UnitOffset: false);
}
