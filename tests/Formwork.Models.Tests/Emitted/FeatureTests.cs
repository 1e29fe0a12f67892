using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;
using Xunit.Sdk;

namespace Formwork.Models.Tests.Emitted;

/// <summary>Emitted C# computes what the interpreter says, feature by feature.</summary>
public class FeatureTests(FeatureModels models) : IClassFixture<FeatureModels>
{
    [Theory]
    [MemberData(nameof(Names))]
    public void FullPassesAgree(string feature) => Agreement.FullPassesAgree(models[feature]);

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsAgree(string feature) => Agreement.StepsAgree(models[feature]);

    [Theory]
    [MemberData(nameof(Names))]
    public void PromptsInPiecesAgree(string feature) => Agreement.PromptsInPiecesAgree(models[feature]);

    [Theory]
    [MemberData(nameof(Names))]
    public void BatchesAgree(string feature) => Agreement.BatchesAgree(models[feature]);

    [Theory]
    [MemberData(nameof(Names))]
    public void ThreadsChangeNothing(string feature) => Agreement.ThreadsChangeNothing(models[feature]);

    /// <summary>What emitted code could get wrong by little is more than the tolerance hides.</summary>
    [Fact]
    public void SmallDifferencesAreFound()
    {
        Disagree("gpt2", spec => spec.WithFeedForward(feedForward => feedForward with { Activation = Activation.Gelu }));
        Disagree("gpt2", spec => spec.WithAttention(attention => attention with { Scale = attention.Scale * 1.01 }));
        Disagree("llama", spec => spec.WithNorm(norm => norm with { Epsilon = 1e-4 }));
        Disagree("llama", spec => spec.WithAttention(attention => attention with { Rotary = attention.Rotary! with { Base = 9900 } }));
        Disagree("llama", spec => spec.WithAttention(attention => attention with { Rotary = attention.Rotary! with { Pairing = RotaryPairing.Interleaved } }));
        Disagree("scaled embedding and positions", spec => spec with { Embedding = new EmbeddingSpec(spec.Embedding.Scale * 1.001) });

        void Disagree(string feature, Func<ModelSpec, ModelSpec> change)
        {
            using EmittedModel changed = models[feature].Against(change);
            Assert.Throws<TrueException>(() => Agreement.FullPassesAgree(changed));
        }
    }

    public static TheoryData<string> Names() => [.. Features.All.Keys];
}
