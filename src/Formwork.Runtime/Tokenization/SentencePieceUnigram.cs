using System.Text;
using MicrosoftSentencePiece = Microsoft.ML.Tokenizers.SentencePieceTokenizer;

namespace Formwork.Runtime.Tokenization;

/// <summary>A SentencePiece unigram model: the most probable split, found by Microsoft.ML.Tokenizers.</summary>
internal sealed class SentencePieceUnigram : SentencePieceTokenizer
{
    private readonly MicrosoftSentencePiece _library;

    public SentencePieceUnigram(SentencePieceModel model) : base(model) => _library = Guarded(() =>
    {
        using FileStream stream = File.OpenRead(model.Path);
        return MicrosoftSentencePiece.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false, specialTokens: null);
    });

    protected override void EncodePlain(string text, bool first, List<int> tokens) =>
        tokens.AddRange(Guarded(() => _library.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false)));

    /// <summary>The library checks little of a file; whatever it stumbles over, the file is at fault.</summary>
    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException and not InvalidInputException)
        {
            throw new InvalidInputException(Source, null, "a unigram model that cannot be used", "a whole SentencePiece model", exception.Message, exception);
        }
    }
}
