namespace Formwork.Benchmarks.SideBySide;

/// <summary>An encoder-decoder with one source and several targets.</summary>
public interface ITranslatorContender : IContender
{
    /// <summary>Encodes a source and begins so many empty targets.</summary>
    void Begin(int[] source, int targets);

    /// <summary>Takes one token into each target and computes what comes next.</summary>
    void Step(ReadOnlySpan<int> tokens);

    /// <summary>The last step's logits, <c>[targets, vocabulary]</c>, copied.</summary>
    float[] Logits();
}
