using Formwork.Runtime;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.Training.Tests.Fakes;
using Xunit;

namespace Formwork.Training.Tests.Saving;

public class SavedModelTests
{
    [Theory]
    [InlineData("new/folder", "new/folder/model.safetensors")]
    [InlineData("w.safetensors", "w.safetensors")]
    public void PathIsAFileOrAFolder(string path, string file)
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        model.Save(folder.File(path));
        using var stored = Checkpoint.Open(folder.File(file));
        using NativeBuffer packed = WeightLoader.Load(stored, model.Description.Weights, 1);
        Assert.True(model.PackedWeights.AsSpan(0, (int)packed.Length).SequenceEqual(packed.AsSpan(0, (int)packed.Length)));
    }

    [Fact]
    public void OlderFileIsReplacedByARoundedOne()
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        model.Save(folder.Path);
        long length = new FileInfo(folder.File("model.safetensors")).Length;
        model.Save(folder.Path, TensorType.BF16);
        Assert.InRange(new FileInfo(folder.File("model.safetensors")).Length, length / 2, length * 3 / 4);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void PlaceThatCannotBeWrittenIsNamed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", []);
        using var model = new FakeModel();
        Assert.Contains(folder.File("file"), Assert.Throws<InvalidInputException>(() => model.Save(folder.File("file/model.safetensors"))).Message, StringComparison.Ordinal);
    }
}
