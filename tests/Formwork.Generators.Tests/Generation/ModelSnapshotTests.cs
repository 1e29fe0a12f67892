using Formwork.Testing;
using Microsoft.CodeAnalysis;

namespace Formwork.Generators.Tests.Generation;

public sealed class ModelSnapshotTests
{
    [Fact]
    public void PathStartsAtTheTestsFolder()
    {
        GeneratorDriverRunResult result = ModelSnapshot.Generate("../Specs/post-norm.model.yaml").GetRunResult();
        Assert.Empty(result.Diagnostics);
        Assert.NotEmpty(result.GeneratedTrees);
    }

    [Fact]
    public void MissingFileSaysSo() => Assert.Throws<FileNotFoundException>(() => ModelSnapshot.Generate("none.model.yaml"));
}
