using Xunit;

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

    public static TheoryData<string> Names() => [.. Features.All.Keys];
}
