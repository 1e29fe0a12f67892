using Formwork.TestSupport.Interpreter;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// The graph that a family's folder becomes means in float64 what the family's reference means: the import read every key and every tensor
/// right, before any code is emitted.
/// </summary>
public class DecoderGraphTests : FamilyTest
{
    // Sums of float64 numbers in another order.
    private const double GraphTolerance = 1e-10;

    public static TheoryData<string> Names => DecoderFamilies.Names;

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheImportedGraphMeansWhatTheReferenceMeans(string name) => Check(name, DecoderFamilies.Named(name));

    [LibtorchTheory]
    [InlineData("llama3")]
    [InlineData("gemma3_text")]
    [InlineData("phi4_mini")]
    [InlineData("gpt_oss")]
    [InlineData("deepseek_v3")]
    public void ConfigsAsTheyAreWrittenTodayMeanTheSame(string name)
    {
        DecoderReference written = DecoderFamilies.Named(name);
        NewerConfig.Rewrite(written.Config);
        Check(name, written);
    }

    private static void Check(string name, DecoderReference written)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        int[] prompt = RandomTokens(40, 96, seed: 1);

        var imported = new ImportedGraph(written, ImportedFamilies.Seed);
        double[] found = imported.Run(new InterpreterInput(prompt)).Logits;

        (Tensor tokens, Tensor mask) = Padded([prompt]);
        Agree(Numbers(family.Logits(TinyWeights.Draw(family, ImportedFamilies.Seed, ScalarType.Float64), tokens, mask)), found, GraphTolerance);
        Assert.Equal(family.Tensors.Where(entry => !entry.IsUnread).Sum(entry => (long)entry.Count), imported.Graph.ParameterCount);
    }
}
