using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Formwork.Generators.Tests.Generation;

/// <summary>The measure itself is measured: a limit that nothing can reach would hold nothing.</summary>
public sealed class MethodSizeMeasureTests
{
    [Fact]
    public void LocalsAndBlocksAreCounted()
    {
        MethodSize straight = Measure("static int M(int a) { return a + 1; }");
        Assert.Equal((0, 1), (straight.Locals, straight.BasicBlocks));
        // if: the condition, the branch taken, the rest.
        Assert.Equal(3, Measure("static int M(int a) { if (a > 0) System.GC.Collect(); return a; }").BasicBlocks);
        Assert.Equal(2, Measure("static int M(int a) { int b = a * a, c = b - a; return b * c * b * c; }").Locals);
        Assert.True(Measure("static int M(int a) => a switch { 0 => 5, 1 => 7, 2 => 1, 3 => 11, 4 => 3, _ => 0 };").BasicBlocks >= 8);
    }

    [Fact]
    public void BytesGrowWithTheCode()
    {
        Assert.True(Measure($"static int M(int[] a) {{ int s = 0; {string.Concat(Enumerable.Repeat("s += a[s];", 6_000))} return s; }}").IlBytes > 30_000);
    }

    private static MethodSize Measure(string method)
    {
        var compilation = CSharpCompilation.Create(
            "Measured", [CSharpSyntaxTree.ParseText($"class C {{ {method} }}")], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        assembly.Position = 0;
        using var image = new PEReader(assembly);
        MetadataReader metadata = image.GetMetadataReader();
        MethodDefinition found = metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Single(candidate => metadata.GetString(candidate.Name) == "M");
        return MethodSize.Of(metadata, found, image.GetMethodBody(found.RelativeVirtualAddress));
    }
}
