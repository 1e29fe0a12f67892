namespace Formwork.Training.Data;

/// <summary>What takes sequences of token ids as they are made.</summary>
public interface ITokenSink
{
    /// <summary>Appends ids to the sequence that is being written.</summary>
    /// <exception cref="Formwork.Runtime.InvalidInputException">An id is not in the vocabulary.</exception>
    void Add(ReadOnlySpan<int> ids);

    /// <summary>Ends the sequence that is being written; what is added next begins another one.</summary>
    void EndSequence();
}
