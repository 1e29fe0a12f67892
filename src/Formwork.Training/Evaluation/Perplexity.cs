namespace Formwork.Training.Evaluation;

/// <summary>How well a model foresees a text: exp(−1/n · Σ ln p(token)). Sums of parts add up; one over the vocabulary's size is pure chance.</summary>
/// <param name="NegativeLogLikelihood">−Σ ln p(token), in nats.</param>
/// <param name="Tokens">n, the tokens that were foretold.</param>
public readonly record struct Perplexity(double NegativeLogLikelihood, long Tokens)
{
    /// <summary>Nats a token, the loss that trainers show; NaN where there is no token.</summary>
    public double Loss => NegativeLogLikelihood / Tokens;

    /// <summary>The perplexity; NaN where there is no token.</summary>
    public double Value => Math.Exp(Loss);

    /// <summary>The perplexity of two texts together.</summary>
    public static Perplexity operator +(Perplexity left, Perplexity right) =>
        new(left.NegativeLogLikelihood + right.NegativeLogLikelihood, left.Tokens + right.Tokens);

    /// <summary>Bits a byte of the text that the tokens wrote, which compares models of different vocabularies.</summary>
    /// <param name="bytes">Bytes of the text in UTF-8.</param>
    public double BitsPerByte(long bytes) => NegativeLogLikelihood / Math.Log(2) / bytes;
}
