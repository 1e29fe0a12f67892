using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Turns each token's bytes into characters; .NET's UTF-8 decoder holds an incomplete one back, and this a space that may be the last.</summary>
internal sealed class Utf8TokenStream(FileTokenizer tokenizer) : TokenTextStream
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false).GetDecoder();
    private readonly Utf8Buffer _bytes = new();
    private int _spaces;
    private bool _atStart = true;

    public override string Append(int token)
    {
        _bytes.Clear();
        _atStart = tokenizer.AppendBytes(token, _atStart, _bytes);
        return WithoutLastSpaces(Characters(_bytes.Written, flush: false));
    }

    public override string Finish()
    {
        string rest = Characters([], flush: true);
        if (rest.Length > 0)
            rest = new string(' ', _spaces) + rest;
        _spaces = 0;
        return rest;
    }

    private string WithoutLastSpaces(string text)
    {
        if (text.Length == 0 || tokenizer.SpacesDroppedAtEnd == 0)
            return text;
        text = new string(' ', _spaces) + text;
        _spaces = Math.Min(text.Length - text.TrimEnd(' ').Length, tokenizer.SpacesDroppedAtEnd);
        return text[..^_spaces];
    }

    private string Characters(ReadOnlySpan<byte> more, bool flush)
    {
        var characters = new char[_decoder.GetCharCount(more, flush)];
        _decoder.GetChars(more, characters, flush);
        return new string(characters);
    }
}
