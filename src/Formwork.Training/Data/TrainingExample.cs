namespace Formwork.Training.Data;

/// <summary>What one sequence of a batch is made of.</summary>
/// <param name="Number">Which of its set's it is, or where it begins in a stream: what is random about it follows from this number.</param>
/// <param name="Ids">The ids; of a pair, those of the target.</param>
/// <param name="Source">The ids of a pair's source; null where there are no pairs.</param>
/// <param name="Label">The class; −1 where there are no classes.</param>
public readonly record struct TrainingExample(long Number, int[] Ids, int[]? Source = null, int Label = -1);
