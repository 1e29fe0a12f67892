namespace Formwork.Runtime.Generation;

/// <summary>What beam search needs of a model: sequences in numbered slots that grow side by side.</summary>
internal interface IBeamSequences
{
    /// <summary>Number of token ids.</summary>
    int Vocabulary { get; }

    /// <summary>The logits <c>[vocabulary]</c> that follow a slot's last token; valid until the next step.</summary>
    ReadOnlySpan<float> Logits(int slot);

    /// <summary>Takes one token into each of some slots.</summary>
    void Step(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens);

    /// <summary>Makes a slot's sequence the same as another's.</summary>
    /// <param name="source">The slot that is copied.</param>
    /// <param name="target">The slot that is overwritten.</param>
    /// <param name="shared">For how many tokens after the prompt the two agree already, if the target has taken any.</param>
    void Copy(int source, int target, int shared);
}
