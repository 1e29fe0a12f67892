using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.Runtime;
using Xunit;

namespace Formwork.Import.Tests;

/// <summary>What importing a folder gives.</summary>
internal static class ImportAssert
{
    /// <summary>A folder with this configuration is the model of this spec, which is named <c>Tiny</c>.</summary>
    public static void Means(string config, string spec) => Means(new FolderOnDisk(config), spec);

    /// <summary>The folder is the model of this spec, which is named <c>Tiny</c>.</summary>
    public static void Means(FolderOnDisk folder, string spec)
    {
        using (folder)
        {
            ParsedModel expected = SpecParser.Parse(new ModelText("expected.model.yaml", "model: Tiny\n" + spec));
            Assert.Empty(expected.Diagnostics);
            ImportedModel imported = HuggingFaceFolder.Import(folder.Path, "Tiny");
            Assert.True(expected.Spec == imported.Spec,
                $"expected\n{SpecPrinter.Print(expected.Spec!)}\nfound\n{SpecPrinter.Print(imported.Spec)}\nwritten as\n{imported.Text.Text}");
        }
    }

    /// <summary>The folder is refused, at this place of the file of that name, and with these words.</summary>
    public static void Refuses(FolderOnDisk folder, string? place, params string[] words)
    {
        using (folder)
        {
            var error = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Import(folder.Path));
            Assert.Equal(place, error.Place);
            Assert.All(words, word => Assert.Contains(word, error.Message));
            Assert.NotEqual("", error.Remedy);
        }
    }
}
