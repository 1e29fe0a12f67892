using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>Use after disposal says so, and never touches memory that is gone.</summary>
public sealed class DisposalTests
{
    [Theory]
    [InlineData("m.safetensors")]
    [InlineData("model.safetensors.index.json")]
    [InlineData("m.bin")]
    public void ClosedCheckpointSaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("m.safetensors"), [("w", [32, 8], new float[256])]);
        folder.Write("model.safetensors.index.json", """{"weight_map": {"w": "m.safetensors"}}"""u8);
        folder.Write("m.bin", CheckpointBytes.Llama2C());
        var checkpoint = Checkpoint.Open(folder.File(name));
        checkpoint.Dispose();
        checkpoint.Dispose();
        Assert.All(checkpoint.Tensors.Values, tensor =>
        {
            Assert.Throws<ObjectDisposedException>(() => checkpoint.Read(tensor.Name));
            Assert.Throws<ObjectDisposedException>(() => checkpoint.ReadRows(tensor.Name, 0, 1, new float[tensor.Columns]));
        });
        var slots = checkpoint.Tensors.Values
            .Select(tensor => new WeightSlot(tensor.Name, tensor.Name, (int)tensor.Rows, (int)tensor.Columns, 0, WeightPacking.Panels)).ToArray();
        Assert.Throws<ObjectDisposedException>(() => WeightLoader.Load(checkpoint, new WeightTable("T", "t", [], slots, [], 10_000), 2));
    }

    [Fact]
    public void ClosedRandomCheckpointSaysSo()
    {
        var table = new WeightTable("T", "t", [], [new("w.weight", "w", 16, 8, 0, WeightPacking.Panels)], [], 128);
        var checkpoint = new RandomCheckpoint(table, 1);
        checkpoint.Dispose();
        Assert.Throws<ObjectDisposedException>(() => checkpoint.Read("w"));
        Assert.Throws<ObjectDisposedException>(() => WeightLoader.Load(checkpoint, table, 2));
    }

    [Fact]
    public void FreedWeightsSaySo()
    {
        var table = new WeightTable("T", "t", [], [new("w.weight", "w", 16, 8, 0, WeightPacking.Panels)], [], 128);
        var weights = WeightLoader.Random(table, 1);
        weights.Dispose();
        weights.Dispose();
        Assert.Throws<ObjectDisposedException>(() => weights.AsSpan(0, 1).Length);
    }

    [Fact]
    public void RefusedFilesAreNotHeldOpen()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.safetensors", [9, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Throws<InvalidInputException>(() => Checkpoint.Open(path));
        // Exclusive access succeeds only when no handle is left.
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(8, alone.Length);
    }
}
