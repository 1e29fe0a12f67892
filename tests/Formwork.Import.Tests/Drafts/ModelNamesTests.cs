using Formwork.Import.Drafts;
using Formwork.Import.Tests.Families;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Import.Tests.Drafts;

public sealed class ModelNamesTests
{
    [Theory]
    [InlineData("Qwen3-0.6B", "Qwen3_0_6B")]
    [InlineData("all-MiniLM-L6-v2", "AllMiniLML6V2")]
    [InlineData("opus-mt-en-de", "OpusMtEnDe")]
    [InlineData("bert base", "BertBase")]
    [InlineData("café", "Caf")]
    [InlineData("---", "")]
    public void WordsBeginWithACapital(string text, string name) => Assert.Equal(name, ModelNames.Of(text));

    [Theory]
    [InlineData("gpt", "Gpt")]
    [InlineData("7b", "Llama7b")]
    [InlineData("---", "Llama")]
    [InlineData("models--org--Tiny-Llama/snapshots/0123456789abcdef", "TinyLlama")]
    public void FolderGivesTheName(string path, string name)
    {
        using var folder = new TemporaryFolder();
        string inner = folder.File(path);
        Directory.CreateDirectory(inner);
        File.WriteAllText(Path.Combine(inner, "config.json"), LlamaFamilyTests.Llama);
        Assert.Equal(name, HuggingFaceFolder.Import(inner).Spec.Name);
        Assert.Equal(name, HuggingFaceFolder.Import(Path.Combine(inner, "config.json")).Spec.Name);
        Assert.Equal(name, HuggingFaceFolder.Import(inner + Path.DirectorySeparatorChar).Spec.Name);
    }
}
