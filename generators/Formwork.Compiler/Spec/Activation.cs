namespace Formwork.Compiler.Spec;

/// <summary>Activation functions.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)² (So et al. 2021).</summary>
    ReluSquared,

    /// <summary>x·Φ(x) with the error function (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>The tanh approximation of <see cref="Gelu"/> (the same paper, section 2).</summary>
    GeluTanh,

    /// <summary>x·σ(x) (Elfwing et al. 2017).</summary>
    Silu,

    /// <summary>x·σ(1.702·x) (Hendrycks and Gimpel 2016, section 2).</summary>
    GeluSigmoid,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>σ(x) = 1 / (1 + e^(−x)) (Dauphin et al. 2017's gates).</summary>
    Sigmoid,
}
