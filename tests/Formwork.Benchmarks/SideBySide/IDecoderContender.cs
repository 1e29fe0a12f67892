namespace Formwork.Benchmarks.SideBySide;

/// <summary>A decoder with one sequence of its own.</summary>
public interface IDecoderContender : IContender
{
    /// <summary>Forgets the sequence.</summary>
    void Reset();

    /// <summary>Takes <paramref name="tokens"/> after those taken so far and returns the last one's logits, valid until the next call.</summary>
    ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens);

    /// <summary>Takes one token and returns its logits, valid until the next call.</summary>
    ReadOnlySpan<float> Step(int token);
}
