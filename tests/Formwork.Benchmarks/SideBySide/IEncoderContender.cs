namespace Formwork.Benchmarks.SideBySide;

/// <summary>An encoder.</summary>
public interface IEncoderContender : IContender
{
    /// <summary>Computes the states of several sequences of one length.</summary>
    void Encode(IReadOnlyList<int[]> sequences);

    /// <summary>The last call's states, <c>[sequences, tokens, width]</c>, copied.</summary>
    float[] States();
}
