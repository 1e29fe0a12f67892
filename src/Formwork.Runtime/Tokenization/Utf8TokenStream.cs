using System.Text;

namespace Formwork.Runtime.Tokenization;

/// <summary>Turns each token's bytes into characters; .NET's UTF-8 decoder holds an incomplete one back.</summary>
internal sealed class Utf8TokenStream(FileTokenizer tokenizer) : TokenTextStream
{
    readonly Decoder decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false).GetDecoder();
    readonly Utf8Buffer bytes = new();
    bool atStart = true;

    public override string Append(int token)
    {
        bytes.Clear();
        atStart = tokenizer.AppendBytes(token, atStart, bytes);
        return Characters(bytes.Written, flush: false);
    }

    public override string Finish() => Characters([], flush: true);

    string Characters(ReadOnlySpan<byte> more, bool flush)
    {
        var characters = new char[decoder.GetCharCount(more, flush)];
        decoder.GetChars(more, characters, flush);
        return new string(characters);
    }
}
