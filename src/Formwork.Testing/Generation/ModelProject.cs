using System.Collections.Immutable;
using Formwork.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Formwork.Testing.Generation;

/// <summary>A project in memory that holds specs, with the generator run over it.</summary>
internal sealed class ModelProject
{
    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.Latest);
    private static readonly Lazy<ImmutableArray<MetadataReference>> s_references = new(PlatformReferences);

    public ModelProject(params (string Path, string Yaml)[] specs)
        : this(specs.Select(spec => new SpecFile(spec.Path, spec.Yaml)).ToArray<AdditionalText>())
    {
    }

    public ModelProject(IReadOnlyList<AdditionalText> files)
    {
        Files = files;
        Compilation = CSharpCompilation.Create(
            "Model",
            [],
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        Driver = CSharpGeneratorDriver
            .Create(
                [new FormworkGenerator().AsSourceGenerator()],
                files,
                s_parseOptions,
                new SpecOptions(),
                new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGenerators(Compilation);
    }

    /// <summary>The specs, as the driver knows them.</summary>
    public IReadOnlyList<AdditionalText> Files { get; }

    /// <summary>The project without generated files.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The driver after its run.</summary>
    public GeneratorDriver Driver { get; }

    /// <summary>The project with generated files.</summary>
    public Compilation Output => Compilation.AddSyntaxTrees(Driver.GetRunResult().GeneratedTrees);

    /// <summary>What the running program itself is made of, the runtime library among it where the test project references it.</summary>
    private static ImmutableArray<MetadataReference> PlatformReferences() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(File.Exists)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToImmutableArray();
}
