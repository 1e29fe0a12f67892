namespace Formwork.Runtime.Generation;

/// <summary>What all texts of a search have in common: its options, completed, and which tokens end a text.</summary>
internal sealed class BeamRules(BeamSearchOptions options, IReadOnlyList<int> endTokens)
{
    public int Beams { get; } = options.Beams!.Value;

    public int Best { get; } = options.Best;

    public BeamStopping Stopping { get; } = options.Stopping;

    public IReadOnlyList<int> Forced { get; } = options.ForcedFirst!;

    public IReadOnlyList<int> Suppressed { get; } = options.Suppressed!;

    /// <summary>Candidates of which at least as many go on as there are beams, whichever of them end.</summary>
    public int Candidates { get; } = options.Beams!.Value * (1 + endTokens.Distinct().Count());

    public bool Ends(int token) => endTokens.Contains(token);

    /// <summary>The log-probability of so many chosen tokens, divided by ((5 + length) / 6)^α: Wu et al. 2016, equation 14.</summary>
    public double Score(double logProbability, int length) => logProbability / Math.Pow((5 + length) / 6.0, options.LengthPenalty!.Value);
}
