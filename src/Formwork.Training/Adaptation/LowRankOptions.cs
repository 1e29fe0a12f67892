using System.Text.RegularExpressions;

namespace Formwork.Training.Adaptation;

/// <summary>
/// Low-rank adaptation (Hu et al. 2021): the weights W stay, and beside some of them learn A <c>[rank, in]</c> and B <c>[out, rank]</c>, so
/// that W + alpha/rank · BA takes W's place.
/// </summary>
public sealed record LowRankOptions
{
    /// <summary>The rank.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>The scale, times the rank.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Names of parameters with <c>*</c> for any run of characters: which matrices have adapters.</summary>
    public IReadOnlyList<string> Projections { get; init; } = ["*attention.query.weight", "*attention.value.weight"];

    /// <summary>Whether the run also writes the model with its adapters merged into it.</summary>
    public bool Merge { get; init; } = true;

    /// <summary>What BA is multiplied by.</summary>
    internal float Scale => (float)(Alpha / Rank);

    /// <summary>Whether a parameter's name is one of <see cref="Projections"/>.</summary>
    internal bool Includes(string parameter) => Projections.Any(pattern =>
        Regex.IsMatch(parameter, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant));

    /// <summary>The options in words that are the same in every culture.</summary>
    internal string Words => FormattableString.Invariant($"adapters of rank {Rank} alpha {Alpha:R} on {string.Join(",", Projections)}");

    /// <summary>What is wrong with them; null for nothing.</summary>
    internal string? Fault => Rank > 0 && Alpha > 0 && double.IsFinite(Alpha) ? null : Words;
}
