using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Compiler.Tests.Layouts;

public sealed class KnownLayoutsTests
{
    [Fact]
    public void NamesAreTheFilesAndTheCompilersOwn()
    {
        string folder = Path.Combine(TestData.Repository, "generators", "Formwork.Compiler", "Layouts");
        IEnumerable<string> files = Directory.GetFiles(folder, "*.layout.yaml").Select(path => Path.GetFileName(path).Replace(".layout.yaml", ""));
        Assert.Equal(files.Append("formwork").Order(StringComparer.Ordinal), KnownLayouts.Names);
    }

    [Fact]
    public void EveryLayoutBearsItsFilesName() =>
        Assert.All(KnownLayouts.Names, name => Assert.Equal(name, KnownLayouts.Find(name)!.Name));

    [Fact]
    public void UnknownNameGivesNone() => Assert.Null(KnownLayouts.Find("mamba"));

    [Fact]
    public void DefaultNamesEveryParameterAsItIs()
    {
        Assert.Equal(ParameterKinds.All.Order(StringComparer.Ordinal), KnownLayouts.Default.Entries.Select(entry => entry.Parameter));
        Assert.All(KnownLayouts.Default.Entries, entry => Assert.Equal(
            new LayoutEntry(entry.Parameter, entry.Parameter.Replace("layers.", "layers.{layer}."), false, null, null, default), entry));
    }

    [Fact]
    public void LlamaKeepsQueriesAndKeysInHalves()
    {
        WeightLayout llama = KnownLayouts.Find("llama")!;

        Assert.All(llama.Entries, entry => Assert.Equal(ParameterKinds.IsPaired(entry.Parameter) ? RotaryPairing.Half : null, entry.Pairing));
        Assert.Equal(
            new LayoutEntry("layers.attention.query.weight", "model.layers.{layer}.self_attn.q_proj.weight", false, RotaryPairing.Half, null, default),
            Entry(llama, "layers.attention.query.weight"));
        Assert.Contains("lm_head.weight", llama.Ignored);
    }

    [Fact]
    public void Gpt2FusesAndTransposes()
    {
        WeightLayout gpt2 = KnownLayouts.Find("gpt2")!;
        EquatableArray<string> fused = new(["layers.attention.query.weight", "layers.attention.key.weight", "layers.attention.value.weight"]);

        Assert.Equal(["", "transformer."], gpt2.Prefixes);
        Assert.Equal(new LayoutEntry(fused[1], "h.{layer}.attn.c_attn.weight", true, null, 1, fused), Entry(gpt2, fused[1]));
        Assert.Equal((2, false), (Entry(gpt2, "layers.attention.value.bias").Part, Entry(gpt2, "layers.attention.value.bias").Transposed));
        Assert.True(Entry(gpt2, "layers.feed_forward.down.weight").Transposed);
        Assert.False(Entry(gpt2, "embedding.token").Transposed);
    }

    private static LayoutEntry Entry(WeightLayout layout, string parameter) => layout.Entries.Single(entry => entry.Parameter == parameter);
}
