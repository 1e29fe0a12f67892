using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

public sealed class Llama2CFileTests
{
    [DataFact("stories260K", "stories260K-hf")]
    public void StoriesEqualTheirHuggingFaceConversionTensorForTensor()
    {
        using var llama2C = Checkpoint.Open(TestData.Path("stories260K", "stories260K.bin"));
        using var safetensors = Checkpoint.Open(TestData.Path("stories260K-hf"));
        Assert.IsType<Llama2CFile>(llama2C);
        Assert.IsType<SafetensorsFile>(safetensors);
        Assert.Equal(safetensors.Tensors.Keys.Order(StringComparer.Ordinal), llama2C.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var tensor in safetensors.Tensors.Values)
        {
            Assert.Equal(tensor.Shape, llama2C.Tensors[tensor.Name].Shape);
            Assert.Equal(safetensors.Read(tensor.Name), llama2C.Read(tensor.Name));
        }
    }

    [DataFact("stories260K")]
    public void FolderWithTheTokenizerBesideStillMeansTheWeights()
    {
        using var checkpoint = Checkpoint.Open(TestData.Path("stories260K"));
        Assert.Equal(8, Assert.IsType<Llama2CFile>(checkpoint).Heads);
    }

    [DataFact("stories260K")]
    public void PermutedRowsReadTheSameInPartsAsWhole()
    {
        using var checkpoint = Checkpoint.Open(TestData.Path("stories260K"));
        const string name = "model.layers.3.self_attn.q_proj.weight";
        var whole = checkpoint.Read(name);
        var rows = new float[3 * 64];
        for (int row = 0; row <= 61; row++)
        {
            checkpoint.ReadRows(name, row, 3, rows);
            Assert.Equal(whole[(row * 64)..((row + 3) * 64)], rows);
        }
    }
}
