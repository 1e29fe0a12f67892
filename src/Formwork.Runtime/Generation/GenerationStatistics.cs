namespace Formwork.Runtime.Generation;

/// <summary>Counts and times of one generation. Times are the model's and the sampler's own; what the caller does between pieces is not in them.</summary>
public sealed class GenerationStatistics
{
    /// <summary>Tokens of the prompt, a begin token not counted.</summary>
    public int PromptTokens { get; internal set; }

    /// <summary>New tokens, an end token not counted.</summary>
    public int NewTokens { get; internal set; }

    /// <summary>Time to the choice of the first new token: the pass over the prompt.</summary>
    public TimeSpan PrefillTime { get; internal set; }

    /// <summary>Time of the one-token steps after that, the choice of each token included.</summary>
    public TimeSpan DecodeTime { get; internal set; }

    /// <summary>Number of one-token steps; the first new token needs none.</summary>
    public int DecodeSteps { get; internal set; }

    /// <summary>Why it ended; null while it runs, or when the caller stopped reading.</summary>
    public FinishReason? FinishReason { get; internal set; }

    /// <summary>Prompt tokens a second; 0 before the prompt was read.</summary>
    public double PrefillTokensPerSecond => Rate(PromptTokens, PrefillTime);

    /// <summary>One-token steps a second; 0 before the first.</summary>
    public double DecodeTokensPerSecond => Rate(DecodeSteps, DecodeTime);

    internal void Reset(int promptTokens)
    {
        PromptTokens = promptTokens;
        NewTokens = DecodeSteps = 0;
        PrefillTime = DecodeTime = TimeSpan.Zero;
        FinishReason = null;
    }

    private static double Rate(int count, TimeSpan time) => time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}
