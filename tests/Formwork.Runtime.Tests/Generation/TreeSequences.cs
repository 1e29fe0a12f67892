using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Tests.Generation;

/// <summary>Beam search's slots over a tree for each text. A copy takes over only what is said to differ, so a wrong claim shows.</summary>
internal sealed class TreeSequences(int vocabulary, int[] seeds, int beams) : IBeamSequences
{
    private readonly List<int>[] _slots = [.. Enumerable.Range(0, seeds.Length * beams).Select(_ => new List<int>())];

    public int Vocabulary => vocabulary;

    /// <summary>How many tokens each copy took over.</summary>
    public List<int> Copies { get; } = [];

    /// <summary>Rows of each step.</summary>
    public List<int> Steps { get; } = [];

    public ReadOnlySpan<float> Logits(int slot) => LogitTree.Logits(seeds[slot / beams], _slots[slot], vocabulary);

    public void Step(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens)
    {
        Steps.Add(slots.Length);
        for (int index = 0; index < slots.Length; index++)
            _slots[slots[index]].Add(tokens[index]);
    }

    public void Copy(int source, int target, int shared)
    {
        if (source / beams != target / beams)
            throw new InvalidOperationException("A beam went to another text.");
        _slots[target] = [.. _slots[target].Take(shared), .. _slots[source].Skip(shared)];
        Copies.Add(_slots[source].Count - shared);
    }
}
