using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Formwork.Testing.Generation;

namespace Formwork.Generators.Tests.Generation;

/// <summary>
/// The JIT stops optimising a method above 60,000 IL bytes, 2,000 locals or 2,000 basic blocks (DEFAULT_MIN_OPTS_* in coreclr's
/// jitconfigvalues.h), and tracks at most 1,024 locals. Generated methods stay far below.
/// </summary>
public sealed class MethodSizeTests
{
    private const int MostIlBytes = 30_000, MostLocals = 1_000, MostBasicBlocks = 1_500;

    public static TheoryData<string> Names =>
    [
        "stories260k", "capp-gpt2", "tinyllama-1.1b", "post-norm", "mixed-layers", "small-bert", "small-transformer", "small-experts",
        "small-training", "shakespeare-char", "multi30k-en-de", "mini-bert",
        .. GeneratedCode.FamilyNames,
    ];

    [Theory, MemberData(nameof(Names))]
    public void EveryMethodIsFarFromTheJitsLimits(string name) => Check(Measure(name));

    [Theory]
    [InlineData("gpt2")]
    [InlineData("gemma-2-2b")]
    [InlineData("flan-t5-small")]
    [InlineData("small-experts")]
    public void SoIsEveryMethodThatLearns(string name) => Check(Measure(name, "\ntraining: {dropout: {embedding: 0.1, residual: 0.1, attention: 0.1}}\n"));

    private static void Check(IReadOnlyList<MethodSize> methods)
    {
        Assert.True(methods.Count > 10, $"only {methods.Count} methods were measured");
        Assert.All(methods, method => Assert.True(
            method.IlBytes < MostIlBytes && method.Locals < MostLocals && method.BasicBlocks < MostBasicBlocks, method.ToString()));
    }

    private static List<MethodSize> Measure(string name, string more = "")
    {
        string path = GeneratedCode.SpecPath(name);
        using var assembly = new MemoryStream();
        var result = new ModelProject((Path.GetFileName(path), File.ReadAllText(path) + more)).Output.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        assembly.Position = 0;
        using var image = new PEReader(assembly);
        MetadataReader metadata = image.GetMetadataReader();
        return [.. metadata.MethodDefinitions
            .Select(metadata.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0)
            .Select(method => MethodSize.Of(metadata, method, image.GetMethodBody(method.RelativeVirtualAddress)))];
    }
}
