using System.Text;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Tests.Generation;

/// <summary>One token a byte of UTF-8, so that characters of several bytes come in several tokens; 256 begins and 257 ends a text.</summary>
internal sealed class ByteTokenizer : TextTokenizer
{
    public const int Begin = 256;
    public const int End = 257;

    public static TokenizerDescription WithBegin { get; } = new(TokenizerKind.ByteBpe, null, null, Begin, [End]);

    public static TokenizerDescription WithoutBegin { get; } = WithBegin with { BeginToken = null };

    public override int VocabularySize => 258;

    public override IReadOnlyList<int> Encode(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public override TokenTextStream NewStream() => new ByteStream();

    private sealed class ByteStream : TokenTextStream
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

        public override string Append(int token) => Decode([(byte)token], flush: false);

        public override string Finish() => Decode([], flush: true);

        private string Decode(byte[] bytes, bool flush)
        {
            var characters = new char[4];
            return new(characters, 0, _decoder.GetChars(bytes, 0, bytes.Length, characters, 0, flush));
        }
    }
}
