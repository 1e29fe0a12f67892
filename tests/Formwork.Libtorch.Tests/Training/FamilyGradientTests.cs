using Formwork.Compiler.Spec;
using Formwork.Libtorch.Tests.Families;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>
/// From a family's folder to a compiled model's gradients: its loss of a ragged batch, and the gradient of every tensor of its checkpoint, are
/// those that autograd finds through the family's reference, which pads and masks. The families are those that differ most;
/// <see cref="FamilyGraphGradientTests"/> asks for the derivatives of all.
/// </summary>
public class FamilyGradientTests(FamilyGradientTests.Learners learners) : FamilyTest, IClassFixture<FamilyGradientTests.Learners>
{
    private const double Tolerance = 1e-4;

    // Some gradients are 0 and only rounding is left of them: a bias of keys moves all scores of a query alike.
    private const double Rounding = 1e-6;

    // Longer than every window and than the context of before a scaling; ViT has room for 26.
    private static readonly int[] Lengths = [25, 9, 1, 17];

    private static readonly string[] Compiled =
    [
        "gpt2", "gemma2", "phi4_mini", "gpt_neox", "bloom", "olmo2", "bert_original", "modernbert_classifier", "vit", "t5", "bart", "whisper",
        "mixtral", "gpt_oss", "deepseek_v3",
    ];

    public static TheoryData<string> Names => new(Compiled);

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void TheLossAndTheGradientOfEveryTensorAgree(string name)
    {
        FamilyReference family = AllFamilies.Named(name);
        LearningBatch batch = LearningBatch.Draw(family, ImportedFamilies.Seed, Lengths);
        (double loss, IReadOnlyDictionary<string, double[]> expected) = Autograd.Of(family, batch);
        using TransformerModel model = learners.Load<TransformerModel>(name);

        (double found, IReadOnlyDictionary<string, float[]> gradients) = StoredGradients.Of(model, batch, expected.Keys.ToHashSet());

        Assert.True(Math.Abs(found - loss) <= Tolerance * loss, $"the loss is {found:G7} and in libtorch {loss:G7}");
        double all = Norm(expected.Values.SelectMany(values => values));
        string[] faults = [.. gradients.Select(entry => Fault(entry.Key, expected[entry.Key], entry.Value, Rounding * all)).OfType<string>()];
        Assert.True(faults.Length == 0, $"{faults.Length} of {gradients.Count} gradients differ:\n{string.Join("\n", faults)}");
        Assert.DoesNotContain(expected, entry => !gradients.ContainsKey(entry.Key) && Norm(entry.Value) > 0 && family.Tensors.Single(tensor => tensor.Name == entry.Key).Fixed is null);
    }

    private static string? Fault(string name, double[] expected, float[] found, double rounding)
    {
        if (expected.Length != found.Length)
            return $"{name}: {found.Length} numbers, not {expected.Length}";
        double difference = Norm(expected.Zip(found, (a, b) => a - b)), norm = Norm(expected);
        // Written so that a NaN is a fault.
        return difference <= Tolerance * norm + rounding ? null : $"{name}: off by {difference:G3} of {norm:G3}";
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    private static IEnumerable<FamilyReference> Chosen => AllFamilies.Made.Where(family => Compiled.Contains(family.Name));

    /// <summary>All of them, made and compiled once.</summary>
    public sealed class Learners() : ImportedFamilies(Chosen, new TrainingSpec());
}
