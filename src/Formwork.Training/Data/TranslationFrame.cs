namespace Formwork.Training.Data;

/// <summary>Which ids are put around the texts of a pair, whose own ids are without them.</summary>
/// <param name="Start">The id that the decoder is given first.</param>
/// <param name="End">The id that ends a target.</param>
/// <param name="SourceEnd">The id put after a source; null where the sources' ids have it already, or have none.</param>
public sealed record TranslationFrame(int Start, int End, int? SourceEnd = null)
{
    /// <summary>Ids between <see cref="Start"/> and the target, which are foretold too: a language's, for instance.</summary>
    public IReadOnlyList<int> ForcedFirst { get; init; } = [];
}
