using System.Text;
using CsCheck;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>Random inputs for tokenizers.</summary>
internal static class TokenizerSamples
{
    private static readonly Gen<int> Scalar = Gen.Frequency(
        (8, Gen.Int[' ', '~']),
        (2, Gen.OneOf<int>(' ', '\n', '\t', '\r', '\'', 0xA0, 0x3000, 0)),
        (2, Gen.Int[0x80, 0x24F]),
        (2, Gen.Int[0x300, 0xD7FF]),
        (1, Gen.Int[0xE000, 0xFFFF]),
        (2, Gen.Int[0x1F300, 0x1FAFF]),
        (1, Gen.Int[0x10000, 0x10FFFF]));

    /// <summary>Any whole Unicode text, with much that tokenizers treat specially.</summary>
    public static Gen<string> Text { get; } = Scalar.Array[0, 40].Select(scalars =>
        scalars.Aggregate(new StringBuilder(), (text, scalar) => text.Append(new Rune(scalar).ToString())).ToString());
}
