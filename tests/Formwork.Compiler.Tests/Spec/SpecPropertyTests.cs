using System.Text;
using CsCheck;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>Whatever the text: no exception, and either a spec or an error.</summary>
public sealed class SpecPropertyTests
{
    private static readonly string[] Texts =
    [
        GoodSpec.Text,
        GoodSpec.With(
            "layers: [{repeat: 2, attention: {heads: 8, bias: {query: true}}}, {norm: {kind: rms}, positions: {kind: none}}]",
            "positions: {kind: rotary, base: 1e5, pairing: half, fraction: 0.5}",
            "weights: {prefixes: [''], tensors: {layers.attention.query+key+value.weight: {tensor: '{layer}', pairing: half}}, ignored: ['*']}",
            "tokenizer: {kind: words, file: \"x.json\", begin: 1, end: [2, 3]}"),
    ];

    /// <summary>What YAML and specs give meaning to.</summary>
    private static readonly string[] Pieces =
    [
        ":", ": ", "-", "- ", "{", "}", "[", "]", ",", "\n", "\n  ", "#", " #", "&a ", "*a", "!!str ", "!", "|\n", ">\n", "'", "\"", "\\", "\\U99999999", "%YAML 9\n", "---\n", "...\n", "?", "? ",
        "<<: ", "\t", "\r", "\0", "\uFFFD", "\uD800", "\uFEFF", "~", "null", "0", "-1", "1e999", ".nan", "99999999999", "true", "heads", "layers", "é", "😀", "{layer}", "+", "query",
    ];

    private static readonly Gen<Func<string, string>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Double[0, 1], Gen.OneOf(Pieces), (where, piece) => (Func<string, string>)(text => text.Insert(At(text, where), piece))),
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 30], (where, length) => (Func<string, string>)(text => text.Remove(At(text, where), Math.Min(length, text.Length - At(text, where))))),
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[1, 30], (from, to, length) => (Func<string, string>)(text =>
            text.Insert(At(text, to), text.Substring(At(text, from), Math.Min(length, text.Length - At(text, from)))))),
        Gen.Select(Gen.Double[0, 1], Gen.Char, (where, character) => (Func<string, string>)(text => text.Insert(At(text, where), character.ToString()))));

    [Fact]
    public void ChangedSpecsGiveASpecOrAnError() =>
        Gen.Select(Gen.OneOf(Texts), Mutation.Array[1, 6], (text, mutations) => mutations.Aggregate(text, (changed, mutate) => mutate(changed)))
            .Sample(IsSpecOrError, iter: 4000);

    [Fact]
    public void RandomBytesGiveAnError() =>
        Gen.Byte.Array[0, 300].Sample(bytes => IsSpecOrError(Encoding.UTF8.GetString(bytes)), iter: 1000);

    [Fact]
    public void RandomPiecesGiveAnError() =>
        Gen.OneOf(Pieces).Array[0, 60].Sample(pieces => IsSpecOrError(string.Concat(pieces)), iter: 2000);

    [Fact]
    public void AMegabyteOfNoiseGivesAnError()
    {
        var random = new Random(7);
        string noise = string.Concat(Enumerable.Range(0, 1 << 18).Select(_ => Pieces[random.Next(Pieces.Length)]))[..(1 << 19)];
        string letters = new([.. Enumerable.Range(0, 1 << 20).Select(_ => (char)random.Next(' ', '~'))]);
        string lines = string.Concat(Enumerable.Range(0, 90_000).Select(line => $"k{line}: 1\n"));
        Assert.All([noise, letters, lines], text => Assert.True(GoodSpec.Parse(text).Diagnostics.Count > 0));
    }

    private static bool IsSpecOrError(string text)
    {
        ParsedModel parsed = GoodSpec.Parse(text);
        bool hasError = parsed.Diagnostics.Any(found => found.Kind.Level == DiagnosticLevel.Error);
        bool placed = parsed.Diagnostics.All(found => found.Span.Line >= 0 && found.Span.Column >= 0 && found.Span.Start >= 0 && found.Span.Length >= 0 && found.Span.Start + found.Span.Length <= text.Length);
        return placed && hasError == parsed.Spec is null;
    }

    private static int At(string text, double where) => (int)(where * text.Length);
}
