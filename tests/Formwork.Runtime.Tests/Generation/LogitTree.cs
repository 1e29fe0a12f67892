namespace Formwork.Runtime.Tests.Generation;

/// <summary>A model as a tree: the logits after every sequence of tokens are random numbers of their own, the same each time.</summary>
internal static class LogitTree
{
    public static float[] Logits(int seed, IEnumerable<int> tokens, int vocabulary)
    {
        uint state = 2166136261u ^ (uint)seed * 0x9E3779B9u;
        foreach (int token in tokens)
            state = (state ^ (uint)(token + 1)) * 16777619u;
        var random = new Random((int)(state ^ state >> 15));
        return [.. Enumerable.Range(0, vocabulary).Select(_ => (random.NextSingle() - 0.5f) * 6)];
    }
}
