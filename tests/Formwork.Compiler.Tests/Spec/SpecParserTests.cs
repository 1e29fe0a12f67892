using System.Globalization;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Xunit;

namespace Formwork.Compiler.Tests.Spec;

public sealed class SpecParserTests
{
    [Fact]
    public void AllErrorsAreToldAtOnceInTheOrderOfLines()
    {
        ParsedModel parsed = GoodSpec.Parse("""
            model: 3D
            architecture: decoder
            vocabulary: 0
            width: 50
            layers: [{repeat: 2, attention: {heads: 3}}, {repeat: none}]
            attention: {heads: 4, colour: red}
            feed_forward: {width: 96}
            norm: {kind: rms, bias: true, epsilon: 1}
            embedding: &e {tied: true}
            tokenizer: {kind: words, end: [1, x]}
            """);

        Assert.Null(parsed.Spec);
        Assert.Equal(
            [
                (0, "FWK0102"), // context
                (0, "FWK0205"), (1, "FWK0202"), (2, "FWK0204"),
                (4, "FWK0203"), // 50 is no multiple of 3 …
                (4, "FWK0201"),
                (5, "FWK0203"), // … nor of 4
                (5, "FWK0101"), (6, "FWK0102"), (7, "FWK0103"), (8, "FWK0007"), (9, "FWK0201"),
            ],
            parsed.Diagnostics.Select(found => (found.Span.Line, found.Kind.Id)));
    }

    [Fact]
    public void FindingsOfOneValueInManyLayersAreToldOnce() =>
        Assert.Single(GoodSpec.Parse(GoodSpec.With("attention: {heads: 5}", "layers: [{repeat: 2}, {repeat: 3}, {norm: {kind: rms}}]")).Diagnostics);

    [Fact]
    public void NoiseGetsAsManyFindingsAsPeopleRead()
    {
        string noise = string.Concat(Enumerable.Range(0, 500).Select(line => $"key{line}: 1\n"));
        ParsedModel parsed = GoodSpec.Parse(GoodSpec.Text + noise);

        Assert.Equal(DiagnosticBag.Capacity + 1, parsed.Diagnostics.Count);
        Assert.Equal(DiagnosticCatalog.TooManyErrors, parsed.Diagnostics[^1].Kind);
        Assert.StartsWith("400 more", parsed.Diagnostics[^1].Message);
    }

    [Fact]
    public void FindingsReadAsBuildLogsDo() =>
        Assert.Equal(
            "tiny.model.yaml(7,20): error FWK0203: `attention.heads` is 5 but `width` is 48; width must be a multiple of heads when `head_width` is not given (nearest: 45, 50)",
            Assert.Single(GoodSpec.Parse(GoodSpec.With("attention: {heads: 5}")).Diagnostics).ToString());

    [Fact]
    public void FindingsAreTheSameInEveryCulture()
    {
        string[] texts = [.. BrokenSpecs.All.Select(broken => broken.Text)];
        string[] expected = [.. texts.SelectMany(Messages)];
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "~" } };
            Assert.Equal(expected, texts.SelectMany(Messages));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static IEnumerable<string> Messages(string text) => GoodSpec.Parse(text).Diagnostics.Select(found => found.Message);
    }

    [Fact]
    public void CommentsAndFormOfTheTextDoNotChangeTheSpec()
    {
        ModelSpec reformed = GoodSpec.Resolve("""
            # The same, written otherwise.
            norm:
              kind: "layer"    # a comment
            layers: 2
            width: 48
            context: 32

            vocabulary: +100
            feed_forward:
              activation: gelu
              width: 96
            attention: {heads: 4, }
            architecture: 'decoder-only'
            model: Tiny
            """);

        Assert.Equal(GoodSpec.Resolve(GoodSpec.Text), reformed);
        Assert.Equal(GoodSpec.Resolve(GoodSpec.Text).GetHashCode(), reformed.GetHashCode());
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void LineEndsDoNotChangeTheSpec(string lineEnd) =>
        Assert.Equal(GoodSpec.Resolve(GoodSpec.Text), GoodSpec.Resolve(GoodSpec.Text.Replace("\n", lineEnd)));

    [Fact]
    public void ByteOrderMarkIsPassedOver() => Assert.Equal(GoodSpec.Resolve(GoodSpec.Text), GoodSpec.Resolve('\uFEFF' + GoodSpec.Text));

    [Fact]
    public void EveryValueTellsItsPlace()
    {
        SourceMap source = GoodSpec.Parse(GoodSpec.With("layers: [{repeat: 2}, {attention: {heads: 8}}]")).Source;

        Assert.Equal((4, 7), PlaceOf("width"));
        Assert.Equal((6, 19), PlaceOf("attention.heads"));
        Assert.Equal((5, 42), PlaceOf("layers[1].attention.heads"));
        // By layer, whoever said it; and what nobody said is where its nearest ancestor is.
        Assert.Equal((6, 19), PlaceOf("layers.1.attention.heads"));
        Assert.Equal((5, 42), PlaceOf("layers.2.attention.heads"));
        Assert.Equal((5, 23), PlaceOf("layers.2.attention.query.weight"));
        Assert.Equal((7, 22), PlaceOf("layers.0.feed_forward.width"));
        Assert.Equal((0, 0), PlaceOf("final_norm.weight"));

        (int Line, int Column) PlaceOf(string path) => source.Find(path) is { } span ? (span.Line, span.Column) : default;
    }
}
