using Formwork.Compiler.Spec;
using Xunit;

namespace Formwork.Import.Tests.Families;

/// <summary>Rotary positions in all the ways that configurations have had for them.</summary>
public sealed class RotaryScalingTests
{
    [Fact]
    public void NewFilesKeepBaseAndScalingTogether()
    {
        string config = FolderOnDisk.Changed(LlamaFamilyTests.Llama, ("rope_theta", null),
            ("rope_parameters", """{"rope_theta": 500000.0, "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 128}"""));
        RotarySpec rotary = Rotary(config);
        Assert.Equal((500000, RotaryScalingKind.Llama3, 8, 128), (rotary.Base, rotary.Scaling!.Kind, rotary.Scaling.Factor, rotary.Scaling.OriginalContext));
    }

    [Theory]
    [InlineData("""{"type": "linear", "factor": 4.0}""", RotaryScalingKind.Linear)]
    [InlineData("""{"rope_type": "linear", "factor": 4.0}""", RotaryScalingKind.Linear)]
    [InlineData("""{"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 512}""", RotaryScalingKind.Yarn)]
    public void OldAndNewNamesOfTheKindAreRead(string scaling, RotaryScalingKind kind)
    {
        RotarySpec rotary = Rotary(FolderOnDisk.Changed(LlamaFamilyTests.Llama, ("rope_scaling", scaling)));
        Assert.Equal((kind, 4), (rotary.Scaling!.Kind, rotary.Scaling.Factor));
    }

    [Theory]
    [InlineData("""{"rope_type": "default"}""")]
    [InlineData("""{"type": "dynamic", "factor": 4.0}""")]
    public void WhatChangesNothingWithinTheContextIsLeftOut(string scaling) =>
        Assert.Null(Rotary(FolderOnDisk.Changed(LlamaFamilyTests.Llama, ("rope_scaling", scaling))).Scaling);

    [Fact]
    public void YarnStretchesTheContext()
    {
        string config = FolderOnDisk.Changed(LlamaFamilyTests.Llama, ("rope_scaling", """{"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 512}"""));
        using var folder = new FolderOnDisk(config);
        ModelSpec spec = HuggingFaceFolder.Import(folder.Path).Spec;
        Assert.Equal(2048, spec.Decoder!.Context);
        // 0.1·ln 4 + 1.
        Assert.Equal(1.1386294361119891, spec.Decoder.Layers[0].Attention.Rotary!.Scaling!.AttentionFactor, 12);
    }

    [Theory]
    [InlineData("""{"rope_type": "mrope", "factor": 4.0}""", "rope_scaling.rope_type", "mrope", "llama3")]
    [InlineData("""{"type": "linear"}""", "rope_scaling.factor", "no such key", "a number")]
    [InlineData("""{"type": "linear", "factor": "four"}""", "rope_scaling.factor", "\"four\"", "a number")]
    [InlineData("""{"type": "llama3", "factor": 8}""", "rope_scaling.original_max_position_embeddings", "no such key", "a whole number")]
    [InlineData("""{"type": "longrope", "long_factor": [1.0]}""", "rope_scaling.short_factor", "no such key", "a list of numbers")]
    [InlineData("[4.0]", "rope_scaling", "a list of 1", "an object")]
    public void WhatCannotBeReadIsTold(string scaling, string place, string found, string expected) =>
        ImportAssert.Refuses(new FolderOnDisk(FolderOnDisk.Changed(LlamaFamilyTests.Llama, ("rope_scaling", scaling))), place, found, expected);

    private static RotarySpec Rotary(string config)
    {
        using var folder = new FolderOnDisk(config);
        return HuggingFaceFolder.Import(folder.Path).Spec.Decoder!.Layers[0].Attention.Rotary!;
    }
}
