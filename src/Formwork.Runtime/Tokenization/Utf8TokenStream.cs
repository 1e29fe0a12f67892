using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Turns each token's bytes into characters; .NET's UTF-8 decoder holds an incomplete one back.</summary>
internal sealed class Utf8TokenStream(FileTokenizer tokenizer) : TokenTextStream
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false).GetDecoder();
    private readonly Utf8Buffer _bytes = new();
    private bool _atStart = true;

    public override string Append(int token)
    {
        _bytes.Clear();
        _atStart = tokenizer.AppendBytes(token, _atStart, _bytes);
        return Characters(_bytes.Written, flush: false);
    }

    public override string Finish() => Characters([], flush: true);

    private string Characters(ReadOnlySpan<byte> more, bool flush)
    {
        var characters = new char[_decoder.GetCharCount(more, flush)];
        _decoder.GetChars(more, characters, flush);
        return new string(characters);
    }
}
