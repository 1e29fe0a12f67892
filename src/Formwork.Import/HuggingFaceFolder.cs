using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Import.Drafts;
using Formwork.Import.Families;
using Formwork.Import.Folders;
using Formwork.Runtime;

namespace Formwork.Import;

/// <summary>
/// A folder as Hugging Face's hub keeps a model: config.json, perhaps generation_config.json, tokenizer files and safetensors. Importing reads
/// the configurations and the names of the tensors, never the weights.
/// </summary>
public static class HuggingFaceFolder
{
    /// <summary>The file that makes a folder one.</summary>
    public const string ConfigurationFile = "config.json";

    /// <summary>The file that a spec beside the weights has, unless somebody named it.</summary>
    public const string SpecFile = "model.model.yaml";

    /// <summary>The values of <c>model_type</c> that can be imported, in order.</summary>
    public static IReadOnlyList<string> ModelTypes => FamilyRegistry.ModelTypes;

    /// <summary>Whether a path is a folder with a config.json.</summary>
    public static bool IsOne(string path) => Directory.Exists(path) && File.Exists(Path.Combine(path, ConfigurationFile));

    /// <summary>Reads a folder, or its config.json, and says what the model is.</summary>
    /// <param name="path">The folder, or the path of its config.json.</param>
    /// <param name="name">The C# type's name; null for one made from the folder's name.</param>
    /// <exception cref="InvalidInputException">The folder is none, or its configuration is broken, contradicts itself or the weights, or
    /// names a family or a feature that a spec cannot say.</exception>
    public static ImportedModel Import(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelFolder folder = ModelFolder.Open(path);
        SpecDraft draft = FamilyRegistry.Find(folder).Describe(folder);
        draft.Name = name ?? ModelNames.Of(folder);
        draft.Generation = GenerationFile.Read(folder, draft);
        draft.Tokenizer = TokenizerFiles.Describe(folder, draft);
        draft.Pooling = PoolingFiles.Read(folder, draft);
        var text = new ModelText(Path.Combine(folder.Path, SpecFile), DraftPrinter.Print(draft, folder));
        return new ImportedModel(text, Parse(text, folder), folder.Path);
    }

    // Numbers that no spec may have, such as a negative epsilon, are found by the parser, which knows all the rules already.
    private static ModelSpec Parse(ModelText text, ModelFolder folder)
    {
        ParsedModel parsed = ModelCompiler.Parse(text);
        IEnumerable<string> findings = parsed.Spec is null
            ? parsed.Diagnostics.Select(finding => finding.Message)
            : ModelCompiler.Check(parsed.Spec).Where(finding => finding.Kind.Level == DiagnosticLevel.Error).Select(finding => finding.Locate(text.Path, parsed.Source).Message);
        string[] errors = [.. findings.Take(3)];
        return errors.Length == 0 ? parsed.Spec! : throw new InvalidInputException(folder.Config.File, null,
            $"a configuration that makes no model: {string.Join("; ", errors)}", "one whose spec has no errors",
            "Correct the configuration, or write a spec by hand.");
    }
}
