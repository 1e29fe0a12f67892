using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Tests.Generation;

/// <summary>Two beams over a model that is a function; writes down how many tokens each copy took over.</summary>
internal sealed class ScriptedBeams(Func<List<int>, float[]> logits) : IBeamSequences
{
    private readonly List<int>[] _slots = [[], []];

    public int Vocabulary => logits([]).Length;

    public List<int> Copies { get; } = [];

    public ReadOnlySpan<float> Logits(int slot) => logits(_slots[slot]);

    public void Step(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens)
    {
        for (int index = 0; index < slots.Length; index++)
            _slots[slots[index]].Add(tokens[index]);
    }

    public void Copy(int source, int target, int shared)
    {
        Copies.Add(_slots[source].Count - shared);
        _slots[target] = [.. _slots[target].Take(shared), .. _slots[source].Skip(shared)];
    }
}
