namespace Formwork.Compiler.Planning;

/// <summary>A layer's part of a sequence's key/value cache, whose positions grow: places are floats a position.</summary>
/// <param name="Keys">Floats a position before the keys.</param>
/// <param name="Values">Floats a position before the values.</param>
/// <param name="OfSource">Whether they are those of a source, which is kept apart from a sequence's own.</param>
public sealed record PlannedCache(int Keys, int Values, bool OfSource = false);
