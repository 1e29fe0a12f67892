using System.Text.Json.Nodes;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// What the import and the compiler's first stages make of each family with an encoder says what its reference says, in float64: ten digits, so
/// that one activation taken for another similar one shows.
/// </summary>
public class EncoderGraphTests : FamilyTest
{
    private const int Seed = 17;
    private const double Tolerance = 1e-9;

    public static TheoryData<string> Encoders => EncoderFamilies.Names;

    public static TheoryData<string> EncoderDecoders => EncoderDecoderFamilies.Names;

    [LibtorchTheory]
    [MemberData(nameof(Encoders))]
    public void AnEncodersGraphAgrees(string name) => Check(EncoderFamilies.Named(name), EncoderFamilies.Named(name));

    [LibtorchTheory]
    [InlineData("minilm", PoolingKind.Mean)]
    [InlineData("nomic_embed", PoolingKind.Mean)]
    [InlineData("bge", PoolingKind.First)]
    public void WhatSentenceTransformersSaysOfPoolingIsRead(string name, PoolingKind kind) =>
        Assert.Equal(new PoolingSpec(kind, Normalize: true), new ImportedGraph(EncoderFamilies.Named(name), Seed).Model.Spec.Pooling);

    [LibtorchFact]
    public void ModernBertsConfigAsItIsWrittenTodayMeansTheSame()
    {
        EncoderReference written = EncoderFamilies.Named("modernbert");
        JsonObject config = written.Config;
        config["layer_types"] = new JsonArray("full_attention", "sliding_attention", "sliding_attention", "full_attention", "sliding_attention");
        config["rope_parameters"] = new JsonObject
        {
            ["full_attention"] = new JsonObject { ["rope_theta"] = config["global_rope_theta"]!.DeepClone(), ["rope_type"] = "default" },
            ["sliding_attention"] = new JsonObject { ["rope_theta"] = config["local_rope_theta"]!.DeepClone(), ["rope_type"] = "default" },
        };
        config.Without("global_rope_theta", "local_rope_theta");

        Check(EncoderFamilies.Named("modernbert"), written);
    }

    private static void Check(EncoderReference family, EncoderReference written)
    {
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs inputs = family.Inputs(Seed, 26);
        Tensor states = family.HiddenStates(weights, inputs.Padded(ScalarType.Float64), inputs.Mask, inputs.PaddedTypes);

        var imported = new ImportedGraph(written, Seed);
        NodeValues values = imported.Run(Input(inputs) with { TokenTypes = inputs.Types[0] });

        Assert.Equal(Count(family), imported.Graph.ParameterCount);
        Agree(Numbers(states), values[GraphOutput.HiddenStates], Tolerance, "states");
        if (family.HasPooler)
            Agree(Numbers(family.Pooled(weights, states)), values[GraphOutput.Pooled], Tolerance, "the pooler's output");
        if (family.HasMaskedLanguageModel)
            Agree(Numbers(family.MaskedLanguageModelLogits(weights, states)), values[GraphOutput.Logits], Tolerance, "logits");
        if (family.HasLabels)
            Agree(Numbers(family.Labels(weights, states)), values[GraphOutput.Labels], Tolerance, "labels");
    }

    [LibtorchTheory]
    [MemberData(nameof(EncoderDecoders))]
    public void AnEncoderDecodersGraphAgrees(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, Seed, ScalarType.Float64);
        EncoderInputs source = family.Sources(Seed, 30);
        int[] target = RandomTokens(25, family.TargetVocabulary, Seed);
        Tensor memory = family.Encode(weights, source.Padded(ScalarType.Float64), source.Mask);
        Tensor logits = family.Decode(weights, memory, source.Mask, tensor(target.Select(id => (long)id).ToArray(), [1, 25])).Logits;

        var imported = new ImportedGraph(family, Seed);
        NodeValues values = imported.Run(Input(source) with { Tokens = target, Source = family.TakesVectors ? [] : source.Tokens[0] });

        Assert.Equal(Count(family), imported.Graph.ParameterCount);
        Agree(Numbers(memory), values[GraphOutput.HiddenStates], Tolerance, "the encoder's states");
        Agree(Numbers(logits), values[GraphOutput.Logits], Tolerance, "logits");
    }

    private static long Count(FamilyReference family) => family.Tensors.Where(entry => !entry.IsUnread).Sum(entry => (long)entry.Count);

    private static InterpreterInput Input(EncoderInputs inputs) => new(inputs.Width == 0 ? inputs.Tokens[0] : [])
    {
        Vectors = inputs.Width == 0 ? null : inputs.Rows[0].Select(value => (double)value).ToArray(),
        VectorWidth = inputs.Width,
    };
}
