using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

/// <summary>What an encoder-decoder model cannot read, and what it says then.</summary>
public sealed class EncoderDecoderErrorTests
{
    private static readonly Dictionary<string, (Action<FakeTranslator> Use, string Message)> Broken = new()
    {
        ["empty source"] = (model => model.Encode(ReadOnlySpan<int>.Empty), "source: found no tokens; expected at least one"),
        ["one empty source"] = (model => model.Search([[1], []]), "source: sequence 1: found no tokens"),
        ["source too long"] = (model => model.Encode(new int[91]), "source: found 91 tokens; expected at most 90, the model's context"),
        ["source id too large"] = (model => model.Encode([5, 300]), "source: token 1: found 300; expected an id from 0 to 299"),
        ["empty target"] = (model => model.CrossAttention([1], []), "target: found no tokens"),
        ["target too long"] = (model => model.CrossAttention([1], new int[151]), "target: found 151 tokens; expected at most 150"),
        ["target id too large"] = (model => model.CrossAttention([1], [12]), "target: token 0: found 12; expected an id from 0 to 11"),
        ["no beams"] = (model => model.Search([[1]], new BeamSearchOptions { Beams = 0 }), "Beams: found 0"),
        ["too many forced tokens"] = (model => model.Search([[1]], new BeamSearchOptions { ForcedFirst = new int[150] }), "start and forced tokens: found 151 tokens; expected at most 150"),
        ["vectors for a model of tokens"] = (model => model.EncodeVectors(new float[1, 4]), "vectors: found vectors"),
        ["text without a tokenizer"] = (model => model.Translate("text"), "Fake: tokenizer: found none"),
        ["stepping past the context"] = (model => model.NewSession(model.Encode([1])).Prefill(new int[151]), "at most 150 in all, the model's context"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void BrokenInputIsNamed(string name)
    {
        using var model = new FakeTranslator();
        Assert.Contains(Broken[name].Message, Assert.Throws<InvalidInputException>(() => Broken[name].Use(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelWithoutAStartTokenSaysSo()
    {
        using var model = new FakeTranslator(FakeTranslator.Architecture with { Generation = new GenerationDefaults() });
        Assert.Contains("generation: {start: …}", Assert.Throws<InvalidInputException>(() => model.Search([[1]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryOfAnotherModelIsRefused()
    {
        using var model = new FakeTranslator();
        using var other = new FakeTranslator();
        using SourceMemory memory = other.Encode([1]);
        Assert.Contains("another model's", Assert.Throws<InvalidInputException>(() => model.NewSession(memory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DisposedModelSaysSo()
    {
        var model = new FakeTranslator();
        SourceMemory memory = model.Encode([1]);
        DecoderSession session = model.NewSession(memory);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Encode([1]));
        Assert.Throws<ObjectDisposedException>(() => model.NewSession(memory));
        Assert.Throws<ObjectDisposedException>(() => session.Step(1));
        Assert.Throws<ObjectDisposedException>(() => model.Search([[1]]));
        session.Dispose();
        memory.Dispose();
    }
}
