namespace Formwork.Benchmarks.SideBySide;

/// <summary>One implementation of a model that takes part in races.</summary>
public interface IContender : IDisposable
{
    /// <summary>The name in the table's heading.</summary>
    string Name { get; }

    /// <summary>From now on, works with this many threads.</summary>
    void UseThreads(int threads);

    /// <summary>Its turn is over: threads that would go on spinning for a while must stop, for the next contender's sake.</summary>
    void Rest();
}
