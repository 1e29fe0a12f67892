using Formwork.Training.Evaluation;

namespace Formwork.Training;

/// <summary>How well a model foretells the held-out data.</summary>
/// <param name="Perplexity">Its perplexity, and with it its loss without label smoothing.</param>
/// <param name="Correct">Targets that it thought likeliest.</param>
public sealed record EvaluationResult(Perplexity Perplexity, long Correct)
{
    /// <summary>Nats a target.</summary>
    public double Loss => Perplexity.Loss;

    /// <summary>The share of targets that it thought likeliest.</summary>
    public double Accuracy => Correct / (double)Perplexity.Tokens;
}
