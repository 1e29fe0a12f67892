namespace Formwork.Training.Optimizers;

/// <summary>Some floats of a packed block that are treated alike.</summary>
/// <param name="First">The first, a multiple of 16.</param>
/// <param name="Count">How many, a multiple of 16.</param>
/// <param name="IsMatrix">Whether they are of matrices, and not of vectors.</param>
internal readonly record struct WeightChunk(long First, int Count, bool IsMatrix);
