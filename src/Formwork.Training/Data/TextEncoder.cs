using Formwork.Runtime;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Data;

/// <summary>How texts of a file become ids.</summary>
/// <param name="Tokenizer">What makes them.</param>
/// <param name="Framed">
/// Whether the ids include the tokens that the tokenizer's files put around a text (<c>[CLS] a [SEP]</c>, <c>a &lt;/s&gt;</c>), as the model gets
/// them when it is used; else they are those of the text alone, and an objective adds what it is told to.
/// </param>
public sealed record TextEncoder(TextTokenizer Tokenizer, bool Framed = false)
{
    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file it is from, for messages.</param>
    /// <param name="line">Its line.</param>
    /// <exception cref="InvalidInputException">The vocabulary has no way to write a part of the text.</exception>
    public int[] Encode(string text, string path, long line)
    {
        try
        {
            return [.. Framed ? Tokenizer.EncodeForModel(text).Ids : Tokenizer.Encode(text)];
        }
        catch (InvalidInputException error)
        {
            string place = error.Place is null ? $"line {line}" : $"the text from line {line} on, {error.Place}";
            throw new InvalidInputException(path, place, error.Found, error.Expected, error.Remedy, error);
        }
    }
}
