namespace Formwork.Benchmarks.SideBySide;

/// <summary>One implementation of a model, with one sequence of its own.</summary>
public interface IContender : IDisposable
{
    /// <summary>The name in the table's heading.</summary>
    string Name { get; }

    /// <summary>From now on, works with this many threads.</summary>
    void UseThreads(int threads);

    /// <summary>Forgets the sequence.</summary>
    void Reset();

    /// <summary>Takes <paramref name="tokens"/> after those taken so far and returns the last one's logits, valid until the next call.</summary>
    ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens);

    /// <summary>Takes one token and returns its logits, valid until the next call.</summary>
    ReadOnlySpan<float> Step(int token);

    /// <summary>Its turn is over: threads that would go on spinning for a while must stop, for the next contender's sake.</summary>
    void Rest();
}
