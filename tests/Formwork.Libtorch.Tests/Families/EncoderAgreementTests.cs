using Formwork.Import;
using Formwork.Runtime.Models;
using Formwork.TestSupport;
using Formwork.TestSupport.Compilation;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// Every encoder-only family, from its folder to its answers: what is imported, compiled and run agrees with the family's reference, alone and
/// with other sequences in the pass (which the reference pads and masks).
/// </summary>
public class EncoderAgreementTests(EncoderAgreementTests.Imported imported) : FamilyTest, IClassFixture<EncoderAgreementTests.Imported>
{
    private static readonly int[] Lengths = [9, 26, 1, 17];

    // One of each kind: the graphs of all are held to the references elsewhere, and compiling is what costs.
    private static readonly string[] Compiled =
    [
        "bert_original", "bert_classifier", "minilm", "roberta", "distilbert", "distilbert_classifier", "modernbert", "modernbert_classifier",
        "nomic_bert", "vit",
    ];

    public static TheoryData<string> OfTokens => new(Chosen.Where(family => !family.TakesVectors).Select(family => family.Name));

    public static TheoryData<string> OfVectors => new(Chosen.Where(family => family.TakesVectors).Select(family => family.Name));

    [LibtorchTheory]
    [MemberData(nameof(OfTokens))]
    public void SequencesAgreeAloneTogetherAndPadded(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        EncoderInputs inputs = family.Inputs(ImportedFamilies.Seed, Lengths);
        double[][] expected = Each(Expected(family, inputs), inputs);
        using EncoderModel model = imported.Load<EncoderModel>(name);

        float[][] together = model.Encode(Sequences(inputs));

        for (int row = 0; row < Lengths.Length; row++)
        {
            Agree(expected[row], Numbers(together[row]), what: $"the states of sequence {row} among others");
            Agree(expected[row], Numbers(model.Encode(inputs.Tokens[row], Types(family, inputs, row))), what: $"the states of sequence {row} alone");
        }
        AgreeWhenPadded(family, inputs, expected, model);
    }

    [LibtorchTheory]
    [MemberData(nameof(OfTokens))]
    public void HeadsAgree(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, ImportedFamilies.Seed, ScalarType.Float64);
        EncoderInputs inputs = family.Inputs(ImportedFamilies.Seed, Lengths);
        Tensor states = Expected(family, inputs);
        using EncoderModel model = imported.Load<EncoderModel>(name);

        Assert.Equal(family.HasMaskedLanguageModel, model.Description.HasMaskedLanguageModel);
        if (family.HasPooler)
            AgreeEach(family.Pooled(weights, states), model.Pool(Sequences(inputs)), "the pooler's output");
        if (family.HasLabels)
            AgreeEach(family.Labels(weights, states), model.LabelLogits(Sequences(inputs)), "labels");
        if (family.HasMaskedLanguageModel)
        {
            double[][] logits = Each(family.MaskedLanguageModelLogits(weights, states), inputs);
            for (int row = 0; row < Lengths.Length; row++)
                Agree(logits[row], Numbers(model.Logits(inputs.Tokens[row], Types(family, inputs, row))), what: $"the logits of sequence {row}");
        }
    }

    [LibtorchTheory]
    [InlineData("minilm", PoolingKind.Mean)]
    [InlineData("minilm", PoolingKind.First)]
    [InlineData("modernbert", PoolingKind.Mean)]
    public void EmbeddingsAgree(string name, PoolingKind kind)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        EncoderInputs inputs = family.Inputs(ImportedFamilies.Seed, Lengths);
        Tensor states = Expected(family, inputs), mask = inputs.Mask.unsqueeze(-1);
        Tensor pooled = kind == PoolingKind.Mean ? (states * mask).sum(1) / mask.sum(1) : states.select(1, 0);
        using EncoderModel model = imported.Load<EncoderModel>(name);

        AgreeEach(pooled / pooled.norm(1, keepdim: true), model.Embed(Sequences(inputs), new PoolingDescription(kind, Normalize: true)), "embeddings");
    }

    [LibtorchTheory]
    [MemberData(nameof(OfVectors))]
    public void StatesOfVectorsAgree(string name)
    {
        EncoderReference family = EncoderFamilies.Named(name);
        EncoderInputs inputs = family.Inputs(ImportedFamilies.Seed, Lengths);
        double[][] expected = Each(Expected(family, inputs), inputs);
        using EncoderModel model = imported.Load<EncoderModel>(name);

        for (int row = 0; row < Lengths.Length; row++)
            Agree(expected[row], Numbers(model.EncodeVectors(inputs.Matrix(row))), what: $"the states of input {row}");
    }

    [LibtorchDataFact("tiny-bert-random")]
    public void TheRecordedNumbersOfTinyBertAgree()
    {
        ImportedModel found = HuggingFaceFolder.Import(TestData.Path("tiny-bert-random"), "TinyBert");
        CompiledAssembly assembly = InMemoryCompiler.Compile(found.Spec);
        using var model = assembly.Load<EncoderModel>("TinyBert", found.Folder, new LoadOptions { Threads = 1 });

        foreach (TinyBertGolden golden in TinyBertGolden.Read())
        {
            int[] tokens = golden.InputIds.Where((_, i) => golden.AttentionMask[i] != 0).Select(id => (int)id).ToArray();
            Agree(golden.States, Numbers(model.Encode(tokens)), 1e-5);
            Agree(golden.MeanPooledL2, Numbers(model.Embed([new EncoderInput(tokens)], new PoolingDescription(PoolingKind.Mean, Normalize: true))[0]), 1e-5);
        }
    }

    private static IEnumerable<EncoderReference> Chosen => Compiled.Select(EncoderFamilies.Named);

    /// <summary>The reference's states for all sequences, padded, in float64 from the stored float32 numbers.</summary>
    private static Tensor Expected(EncoderReference family, EncoderInputs inputs) => family.HiddenStates(
        TinyWeights.Draw(family, ImportedFamilies.Seed, ScalarType.Float64), inputs.Padded(ScalarType.Float64), inputs.Mask, inputs.PaddedTypes);

    private static double[][] Each(Tensor result, EncoderInputs inputs) =>
        inputs.Lengths.Select((length, row) => Numbers(result[row].slice(0, 0, length, 1))).ToArray();

    private static EncoderInput[] Sequences(EncoderInputs inputs) =>
        inputs.Tokens.Zip(inputs.Types, (tokens, types) => new EncoderInput(tokens, types.Any(type => type != 0) ? types : null)).ToArray();

    private static int[] Types(EncoderReference family, EncoderInputs inputs, int row) => family.HasTypes ? inputs.Types[row] : [];

    private static void AgreeEach(Tensor expected, float[][] found, string what)
    {
        Assert.Equal(expected.shape[0], found.Length);
        for (int row = 0; row < found.Length; row++)
            Agree(Numbers(expected[row]), Numbers(found[row]), what: $"{what} of sequence {row}");
    }

    private static void AgreeWhenPadded(EncoderReference family, EncoderInputs inputs, double[][] expected, EncoderModel model)
    {
        // Padding behind a sequence, before it and on both sides.
        int length = Lengths.Max(), width = model.Description.Width;
        int[] firsts = Lengths.Select((own, row) => (length - own) * row / (Lengths.Length - 1)).ToArray();
        int[,] tokens = new int[Lengths.Length, length], mask = new int[Lengths.Length, length], types = new int[Lengths.Length, length];
        for (int row = 0; row < Lengths.Length; row++)
        {
            for (int i = 0; i < Lengths[row]; i++)
                (tokens[row, firsts[row] + i], mask[row, firsts[row] + i], types[row, firsts[row] + i]) = (inputs.Tokens[row][i], 1, inputs.Types[row][i]);
        }
        float[] found = model.EncodePadded(tokens, mask, family.HasTypes ? types : null);
        for (int row = 0; row < Lengths.Length; row++)
            Agree(expected[row], Numbers(found.AsSpan((row * length + firsts[row]) * width, Lengths[row] * width)), what: $"the states of padded sequence {row}");
    }

    /// <summary>All families' checkpoints, imported and compiled together.</summary>
    public sealed class Imported() : ImportedFamilies(Chosen);
}
