using System.Text;
using Formwork.Cli.Output;
using Formwork.Compiler;
using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;
using Formwork.Import;
using Formwork.Runtime;

namespace Formwork.Cli.Compilation;

/// <summary>A spec on disk, found and read, or made of a Hugging Face folder.</summary>
/// <param name="Text">Its path, as the user wrote it, and its text; the path that it would have, when it was made.</param>
/// <param name="Folder">The folder it stands in, where weights and tokenizer are looked for.</param>
/// <param name="IsImported">Whether it was made of a Hugging Face folder, whose tokenizer files it then names.</param>
internal sealed record SpecFile(ModelText Text, string Folder, bool IsImported = false)
{
    /// <summary>How the files are named.</summary>
    public const string Suffix = ".model.yaml";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Finds a spec by its file, or by a folder that holds exactly one, and reads it; a folder with a config.json and no spec is imported.
    /// </summary>
    /// <exception cref="InvalidInputException">There is none, there are several, it cannot be read as text, or it cannot be imported.</exception>
    public static SpecFile Open(string fileOrFolder)
    {
        if (IsToImport(fileOrFolder))
        {
            ImportedModel imported = HuggingFaceFolder.Import(fileOrFolder);
            return new SpecFile(imported.Text, imported.Folder, IsImported: true);
        }
        string path = Directory.Exists(fileOrFolder) ? OnlySpecIn(fileOrFolder) : fileOrFolder;
        if (!File.Exists(path))
            throw new InvalidInputException(path, null, "no such file or folder", $"a *{Suffix} file, or a folder that holds one", "Check the path.");
        return new SpecFile(new ModelText(path, ReadText(path)), Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Parses the spec and asks every stage that can object; gives the spec, null when it cannot be read, and all that was found.</summary>
    public ModelSpec? Check(out IReadOnlyList<DiagnosticInfo> findings)
    {
        ParsedModel parsed = ModelCompiler.Parse(Text);
        findings = parsed.Spec is null
            ? parsed.Diagnostics
            : [.. parsed.Diagnostics, .. ModelCompiler.Check(parsed.Spec).Select(finding => finding.Locate(Text.Path, parsed.Source))];
        return parsed.Spec;
    }

    /// <summary>The spec, its warnings shown.</summary>
    /// <exception cref="InvalidSpecException">It has errors.</exception>
    public ModelSpec Read(Terminal terminal)
    {
        ModelSpec? spec = Check(out IReadOnlyList<DiagnosticInfo> findings);
        if (spec is null || findings.Any(finding => finding.Kind.Level == DiagnosticLevel.Error))
            throw new InvalidSpecException(Text, findings);
        if (!terminal.Quiet)
            new DiagnosticReport(terminal).Write(Text, findings.Where(finding => finding.Kind.Level == DiagnosticLevel.Warning));
        return spec;
    }

    /// <summary>The same for a model that is to learn: a spec that does not say so gets <c>training: {}</c>.</summary>
    /// <exception cref="InvalidSpecException">It has errors.</exception>
    public SpecFile ForTraining()
    {
        ModelSpec spec = Check(out IReadOnlyList<DiagnosticInfo> findings) ?? throw new InvalidSpecException(Text, findings);
        return spec.Training is not null ? this : this with { Text = Text with { Text = Text.Text.TrimEnd() + "\ntraining: {}\n" } };
    }

    // A spec beside the weights is somebody's own reading of them, and goes first.
    private static bool IsToImport(string path) => HuggingFaceFolder.IsOne(path)
        ? SpecsIn(path).Length == 0
        : Path.GetFileName(path) == HuggingFaceFolder.ConfigurationFile && File.Exists(path);

    private static string[] SpecsIn(string folder) => [.. Directory.GetFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal)];

    private static string OnlySpecIn(string folder)
    {
        string[] specs = SpecsIn(folder);
        return specs.Length switch
        {
            1 => specs[0],
            0 => throw new InvalidInputException(folder, null, $"no *{Suffix} file", "exactly one, or Hugging Face's config.json", "Name a folder that holds a spec, or the spec itself."),
            _ => throw new InvalidInputException(
                folder, null, string.Join(", ", specs.Select(Path.GetFileName)), $"exactly one *{Suffix} file", "Name the one you mean."),
        };
    }

    private static string ReadText(string path)
    {
        try
        {
            return StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidInputException(
                path, $"byte {exception.Index}", "bytes that are not UTF-8", "UTF-8 text", "Save the file as UTF-8.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, null, exception.Message, "a readable file", "Check its permissions.", exception);
        }
    }
}
