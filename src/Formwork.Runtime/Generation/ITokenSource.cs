namespace Formwork.Runtime.Generation;

/// <summary>
/// What text generation needs of a model: a sequence that grows by tokens and answers with logits, one float for each token of the vocabulary.
/// The spans stay valid until the next call.
/// </summary>
public interface ITokenSource
{
    /// <summary>Number of token ids; ids are 0 … Vocabulary − 1 and logits are this long.</summary>
    int Vocabulary { get; }

    /// <summary>The most tokens the sequence can hold.</summary>
    int Context { get; }

    /// <summary>Number of tokens the sequence holds now.</summary>
    int Position { get; }

    /// <summary>Appends several tokens (at least one) and gives the logits [vocabulary] that follow the last of them.</summary>
    ReadOnlySpan<float> Prefill(ReadOnlySpan<int> tokens);

    /// <summary>Appends one token and gives the logits [vocabulary] that follow it.</summary>
    ReadOnlySpan<float> Step(int token);
}
