namespace Formwork.Training.Data;

/// <summary>What one pass learns from.</summary>
/// <param name="Target">The sequences; of an encoder-decoder model, what its decoder is given.</param>
/// <param name="Source">The sources, one a target; null for models of one stack.</param>
/// <param name="OutputRows">The rows of the target (or sequences, where they are classified) that have something to foretell, ascending.</param>
/// <param name="Targets">What each of them should foretell.</param>
public sealed record TrainingBatch(TrainingSequences Target, TrainingSequences? Source, int[] OutputRows, int[] Targets);
