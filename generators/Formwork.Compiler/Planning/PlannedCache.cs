namespace Formwork.Compiler.Planning;

/// <summary>A layer's part of a sequence's key/value cache.</summary>
/// <param name="Keys">Floats before the keys.</param>
/// <param name="Values">Floats before the values.</param>
public sealed record PlannedCache(long Keys, long Values);
