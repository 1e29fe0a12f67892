using Formwork.Runtime.Models;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// Every decoder-only family, from its folder to its logits: what is imported, compiled and run agrees with the family's reference, for one
/// pass, for prompts of several lengths at once (which the reference pads and masks), and for cached steps.
/// </summary>
public class DecoderAgreementTests(DecoderAgreementTests.Folders folders) : FamilyTest, IClassFixture<DecoderAgreementTests.Folders>
{
    private const int Vocabulary = 96;

    // These two differ from others in a layer's numbers only, which their graphs are held to; compiling costs more than running.
    private static readonly string[] Compiled =
        DecoderFamilies.Made.Select(family => family.Name).Except(["phi3_longrope_short", "qwen2_long"]).ToArray();

    public static TheoryData<string> Names => new(Compiled);

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void PassesBatchesAndStepsAgree(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        // One prompt is longer than every window and than the context of before a scaling, and takes several passes.
        int[][] prompts = [Prompt(61, 1), Prompt(17, 2), Prompt(40, 3), Prompt(1, 4)];
        double[][] expected = Expected(family, prompts);
        using DecoderModel model = folders.Load(name, maxPassTokens: 48);

        Assert.Equal(family.Tensors.Where(entry => !entry.IsUnread).Sum(entry => (long)entry.Count), model.Description.Parameters);
        AgreeInOnePass(model, prompts[0], expected[0]);
        AgreeAsBatch(model, prompts, expected);
        AgreeInSteps(model, prompts[0], expected[0]);
    }

    /// <summary>Logits at each position of each prompt, all prompts padded to one length.</summary>
    private static double[][] Expected(DecoderReference family, int[][] prompts)
    {
        (Tensor tokens, Tensor mask) = Padded(prompts, left: true);
        Tensor logits = family.Logits(TinyWeights.Draw(family, ImportedFamilies.Seed), tokens, mask);
        long length = tokens.shape[1];
        return prompts.Select((prompt, row) => Numbers(logits[row].slice(0, length - prompt.Length, length, 1))).ToArray();
    }

    private static void AgreeInOnePass(DecoderModel model, int[] prompt, double[] expected)
    {
        using DecoderSession session = model.NewSession();
        Agree(expected, Numbers(session.AllLogits(prompt)), what: "the logits of one pass");
    }

    private static void AgreeAsBatch(DecoderModel model, int[][] prompts, double[][] expected)
    {
        DecoderSession[] sessions = prompts.Select(_ => model.NewSession()).ToArray();
        model.PrefillBatch(sessions, prompts);
        for (int row = 0; row < prompts.Length; row++)
        {
            Agree(expected[row][^Vocabulary..], Numbers(sessions[row].Logits), what: $"the logits of prompt {row} in a batch");
            sessions[row].Dispose();
        }
    }

    private static void AgreeInSteps(DecoderModel model, int[] prompt, double[] expected)
    {
        const int First = 29;
        using DecoderSession session = model.NewSession();
        session.Prefill(prompt.AsSpan(0, First));
        for (int position = First; position < prompt.Length; position++)
        {
            Agree(
                expected[(position * Vocabulary)..((position + 1) * Vocabulary)], Numbers(session.Step(prompt[position])),
                what: $"the logits of the step at position {position}");
        }
    }

    private static int[] Prompt(int length, int seed) => RandomTokens(length, Vocabulary, seed);

    /// <summary>The families' folders, made and compiled once.</summary>
    public sealed class Folders() : ImportedFamilies(Compiled.Select(DecoderFamilies.Named));
}
