using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Tests.Spec;
using Xunit;

namespace Formwork.Compiler.Tests.Layouts;

public sealed class LayoutParserTests
{
    private const string Text = """
        layout: mine
        prefixes: ["model.", ""]
        tensors:
          embedding.token: wte
          layers.attention.query+key.weight: {tensor: "{layer}.qk", transposed: true, pairing: interleaved}
        ignored: ["*.mask"]

        """;

    [Fact]
    public void EverythingIsRead()
    {
        WeightLayout layout = Parse(Text).Value!;

        Assert.Equal("mine", layout.Name);
        Assert.Equal(["model.", ""], layout.Prefixes);
        Assert.Equal(["*.mask"], layout.Ignored);
        Assert.Equal(["embedding.token", "layers.attention.key.weight", "layers.attention.query.weight"], layout.Entries.Select(entry => entry.Parameter));
        LayoutEntry key = layout.Entries[1];
        Assert.Equal(("{layer}.qk", true, RotaryPairing.Interleaved, 1), (key.Tensor, key.Transposed, key.Pairing, key.Part));
        Assert.Equal(["layers.attention.query.weight", "layers.attention.key.weight"], key.FusedParts);
    }

    [Fact]
    public void OrderOfEntriesDoesNotCount()
    {
        string[] lines = Text.Split('\n');
        (lines[3], lines[4]) = (lines[4], lines[3]);
        Assert.Equal(Parse(Text).Value, Parse(string.Join('\n', lines)).Value);
    }

    [Fact]
    public void PrefixIsNoneUnlessGiven() => Assert.Equal([""], Parse("layout: x\ntensors: {embedding.token: t}").Value!.Prefixes);

    [Theory]
    [InlineData("tensors: {embedding.token: t}", "FWK0102")]
    [InlineData("layout: x", "FWK0102")]
    [InlineData("layout: x\ntensors: [a]", "FWK0201")]
    [InlineData("layout: x\ntensor: {embedding.token: t}", "FWK0101 FWK0102")]
    [InlineData("layout: x\ntensors: {a: b, layers.attention.key.weight: k}", "FWK0221 FWK0222")]
    [InlineData("", "FWK0001")]
    public void FaultsAreToldTogether(string text, string ids)
    {
        Result<WeightLayout> result = Parse(text);
        Assert.Null(result.Value);
        Assert.Equal(ids.Split(' '), result.Diagnostics.Select(found => found.Kind.Id).Order());
    }

    [Fact]
    public void SpecCanCarryALayoutOfItsOwn()
    {
        string indented = string.Join('\n', Text.Split('\n').Skip(1).Select(line => "  " + line));
        WeightLayout own = GoodSpec.Resolve(GoodSpec.With("weights:\n" + indented)).Weights;
        Assert.Equal(Parse(Text).Value! with { Name = "own" }, own);
    }

    private static Result<WeightLayout> Parse(string text) => LayoutParser.Parse(new ModelText("mine.layout.yaml", text));
}
