using Formwork.Compiler.Spec;
using Formwork.Models.Tests.Emitted;
using Xunit;

namespace Formwork.Models.Tests.Training;

/// <summary>As <see cref="GradientTests"/>: every feature, with every dropout and a smoothed loss. Other vector widths have those tests alone.</summary>
public class FeatureGradientTests(LearningModels models) : IClassFixture<LearningModels>
{
    public static TheoryData<string> Decoders => [.. LearningModels.Decoders.Keys];

    public static TheoryData<string> Encoders => [.. LearningModels.Encoders.Keys];

    public static TheoryData<string> Translators => [.. LearningModels.Translators.Keys];

    public static TheoryData<string> Experts => [.. LearningModels.Experts.Keys];

    [Theory, MemberData(nameof(Decoders))]
    public void OfADecoder(string feature) => Check(LearningModels.Decoders, feature);

    [Theory, MemberData(nameof(Encoders))]
    public void OfAnEncoder(string feature) => Check(LearningModels.Encoders, feature);

    [Theory, MemberData(nameof(Translators))]
    public void OfATranslator(string feature) => Check(LearningModels.Translators, feature);

    [Theory, MemberData(nameof(Experts))]
    public void OfExperts(string feature) => Check(LearningModels.Experts, feature);

    private void Check(IReadOnlyDictionary<string, ModelSpec> list, string feature)
    {
        EmittedModel emitted = models.Of(list, feature, LearningModels.Dropping);
        GradientAgreement.Check(emitted, LearningModels.Batch(emitted.Spec));
    }
}
