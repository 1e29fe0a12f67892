namespace Formwork.Runtime.Tokenization;

/// <summary>Splits a normalized text into the pieces of a SentencePiece model.</summary>
internal abstract class SentencePieceSegmenter
{
    /// <summary>Adds the pieces of <paramref name="text"/>, which has visible spaces; what no piece writes is its bytes, or one unknown piece a run.</summary>
    public abstract void Encode(string text, List<int> pieces);

    /// <summary>The segmenter of a file's kind of model.</summary>
    /// <exception cref="InvalidInputException">It is of a kind that is not supported.</exception>
    public static SentencePieceSegmenter Of(SentencePieceModel model)
    {
        if (model.SpaceIsSuffix)
            throw Unsupported(model.Path, "treat_whitespace_as_suffix", "spaces in front of words");
        return model.Kind switch
        {
            SentencePieceModel.Algorithm.Unigram => new SentencePieceUnigram(model),
            SentencePieceModel.Algorithm.Bpe => new SentencePieceBpe(model),
            _ => throw Unsupported(model.Path, $"model type {(int)model.Kind}", "1 (unigram) or 2 (BPE)"),
        };
    }

    private static InvalidInputException Unsupported(string path, string found, string expected) =>
        new(path, null, found, expected, "This kind of SentencePiece model is not supported; export a tokenizer.json or another kind.");
}
