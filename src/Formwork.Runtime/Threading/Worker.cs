namespace Formwork.Runtime.Threading;

/// <summary>One thread's part in a pass: all workers run the same code, each on its share, and meet where one needs another's results.</summary>
public sealed class Worker
{
    private readonly TeamState _team;

    internal Worker(TeamState team, int index, int count)
    {
        _team = team;
        Index = index;
        Count = count;
    }

    /// <summary>Which worker this is, 0 … <see cref="Count"/> − 1.</summary>
    public int Index { get; }

    /// <summary>How many workers run the pass.</summary>
    public int Count { get; }

    /// <summary>Waits until every worker of the pass has come here; what each wrote before is then visible to all.</summary>
    public void Synchronize()
    {
        if (Count > 1)
            _team.Synchronize();
    }

    /// <summary>
    /// This worker's part of <paramref name="items"/>, as a range. Ranges start at multiples of <paramref name="granule"/>, are disjoint and
    /// cover everything; which worker computes an item never changes the item's value.
    /// </summary>
    public (int First, int End) Share(int items, int granule = 1)
    {
        int granules = (items + granule - 1) / granule;
        int first = (int)((long)granules * Index / Count) * granule;
        int end = (int)((long)granules * (Index + 1) / Count) * granule;
        return (Math.Min(first, items), Math.Min(end, items));
    }
}
