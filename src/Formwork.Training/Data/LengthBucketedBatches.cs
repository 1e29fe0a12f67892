using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>
/// Which examples make which batch. Examples of similar length stand together, as in fairseq and OpenNMT: they are ordered by the length of
/// target and source and cut into batches that keep the limits. Every epoch puts examples of equal length, and the batches, in another order;
/// that follows from the seed and the epoch alone, so any batch is found without those before it. Every example comes once an epoch.
/// </summary>
public sealed class LengthBucketedBatches
{
    private readonly CounterGenerator _random;
    private readonly int[] _order;
    private readonly int[] _groups;
    private readonly int[] _starts;
    private Epoch? _cached;

    /// <summary>Cuts a set into batches. Examples that are too long for a batch or for the model are left out.</summary>
    /// <param name="set">The examples.</param>
    /// <param name="objective">What says how many rows each has.</param>
    /// <param name="limits">How large batches may be.</param>
    /// <param name="seed">What the orders follow from.</param>
    /// <exception cref="InvalidInputException">No example is left, or a limit lets no batch exist.</exception>
    public LengthBucketedBatches(IExampleSet set, Objective objective, BatchLimits limits, int seed)
    {
        _random = CounterGenerator.Of(seed);
        Require(limits.Rows > 0 && limits.SourceRows > 0 && limits.Sequences > 0, "limits of batches", "none or less", "at least 1");
        int longest = Math.Min(limits.Rows, limits.Context), longestSource = Math.Min(limits.SourceRows, limits.SourceContext);
        var keys = new List<ulong>();
        var order = new List<int>();
        for (int example = 0; example < set.Count; example++)
        {
            long rows = (long)set.Length(example) + objective.ExtraRows;
            long sourceRows = set.HasSources ? (long)set.SourceLength(example) + objective.ExtraSourceRows : 0;
            if (rows < 1 || rows > longest || sourceRows > longestSource || (set.HasSources && sourceRows < 1))
                continue;
            keys.Add((ulong)rows << 32 | (ulong)sourceRows);
            order.Add(example);
        }
        LeftOut = set.Count - order.Count;
        Require(order.Count > 0, set.Description, "no example that a batch can hold",
            $"examples of 1 to {longest} rows{(set.HasSources ? $", their sources of 1 to {longestSource}" : "")}");
        ulong[] sorted = [.. keys];
        _order = [.. order];
        Array.Sort(sorted, _order);
        _groups = Groups(sorted);
        _starts = Cut(sorted, limits);
    }

    /// <summary>Batches of an epoch.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Examples of an epoch.</summary>
    public int Examples => _order.Length;

    /// <summary>Examples that are too long, or empty, and come in no batch.</summary>
    public int LeftOut { get; }

    /// <summary>Target rows of the largest batch.</summary>
    public int MaxRows { get; private set; }

    /// <summary>Source rows of the largest batch.</summary>
    public int MaxSourceRows { get; private set; }

    /// <summary>Target rows of an epoch.</summary>
    public long Rows { get; private set; }

    /// <summary>The examples of a batch.</summary>
    /// <param name="number">Which batch, from 0, counted over all epochs.</param>
    public ReadOnlySpan<int> Batch(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Epoch epoch = Shuffled(number / Count);
        return ExamplesOf(epoch.Order, epoch.Batches[number % Count]);
    }

    /// <summary>The examples of the i-th batch in the order of lengths, which no seed changes.</summary>
    public ReadOnlySpan<int> Ordered(int index) => ExamplesOf(_order, index);

    private ReadOnlySpan<int> ExamplesOf(int[] order, int batch) => order.AsSpan(_starts[batch], _starts[batch + 1] - _starts[batch]);

    // Lengths stand in the same order in every epoch, so the borders of batches are the same too.
    private Epoch Shuffled(long number)
    {
        if (_cached is { } cached && cached.Number == number)
            return cached;
        CounterGenerator random = _random.With(number);
        int[] order = [.. _order];
        for (int group = 0; group + 1 < _groups.Length; group++)
            random.With(group).Shuffle(order.AsSpan(_groups[group], _groups[group + 1] - _groups[group]));
        int[] batches = [.. Enumerable.Range(0, Count)];
        random.With(-1).Shuffle(batches);
        return _cached = new Epoch(number, order, batches);
    }

    // Where examples of equal lengths begin; the sort is not stable, so each group is put in the order of its set.
    private int[] Groups(ulong[] sorted)
    {
        var starts = new List<int> { 0 };
        for (int index = 1; index <= sorted.Length; index++)
        {
            if (index < sorted.Length && sorted[index] == sorted[index - 1])
                continue;
            Array.Sort(_order, starts[^1], index - starts[^1]);
            starts.Add(index);
        }
        return [.. starts];
    }

    private int[] Cut(ulong[] sorted, BatchLimits limits)
    {
        var starts = new List<int> { 0 };
        long rows = 0, sourceRows = 0;
        for (int index = 0; index < sorted.Length; index++)
        {
            long more = (long)(sorted[index] >> 32), moreSource = (long)(uint)sorted[index];
            if (rows + more > limits.Rows || sourceRows + moreSource > limits.SourceRows || index - starts[^1] == limits.Sequences)
            {
                starts.Add(index);
                (rows, sourceRows) = (0, 0);
            }
            (rows, sourceRows) = (rows + more, sourceRows + moreSource);
            (MaxRows, MaxSourceRows) = (Math.Max(MaxRows, (int)rows), Math.Max(MaxSourceRows, (int)sourceRows));
            Rows += more;
        }
        starts.Add(sorted.Length);
        return [.. starts];
    }

    private static void Require(bool holds, string source, string found, string expected)
    {
        if (!holds)
            throw new InvalidInputException(source, null, found, expected, "Raise the limits, or give other data.");
    }

    private sealed record Epoch(long Number, int[] Order, int[] Batches);
}
