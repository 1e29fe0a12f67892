using Formwork.Training.Data;
using CounterRandom = Formwork.Runtime.Weights.CounterRandom;

namespace Formwork.Training.Tests.Fakes;

/// <summary>Sequences in which each token follows from the one before it, with some noise.</summary>
internal sealed class FakeData(int seed = 1) : ITrainingData
{
    private const int Sequences = 4, Length = 6;

    public string Description => $"fake {seed}";

    public int MaxRows => Sequences * Length;

    public int MaxSourceRows => 0;

    public TrainingBatch Batch(long step, int micro) => Draw(CounterRandom.Mix((ulong)(seed * 1_000_003L + step * 16 + micro)));

    public IEnumerable<TrainingBatch> EvaluationBatches() => Enumerable.Range(0, 3).Select(index => Draw(CounterRandom.Mix((ulong)(index + 999_999_999))));

    private static TrainingBatch Draw(ulong key)
    {
        int[] tokens = new int[Sequences * (Length + 1)];
        for (int i = 0; i < tokens.Length; i++)
        {
            ulong bits = CounterRandom.Mix(key + (ulong)i);
            tokens[i] = i % (Length + 1) == 0 || bits % 8 == 0 ? (int)(bits / 8 % FakeModel.Vocabulary) : (tokens[i - 1] * 3 + 2) % FakeModel.Vocabulary;
        }
        int[] inputs = [.. tokens.Where((_, i) => i % (Length + 1) < Length)], targets = [.. tokens.Where((_, i) => i % (Length + 1) > 0)];
        return new TrainingBatch(new TrainingSequences(inputs, [.. Enumerable.Repeat(Length, Sequences)]), null, [.. Enumerable.Range(0, inputs.Length)], targets);
    }
}
