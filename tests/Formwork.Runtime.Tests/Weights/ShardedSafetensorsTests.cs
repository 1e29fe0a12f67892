using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

public sealed class ShardedSafetensorsTests
{
    private const string Index = "model.safetensors.index.json";

    [Fact]
    public void ShardsReadAsOne()
    {
        using var folder = Shards("""{"metadata": {"total_size": 24}, "weight_map": {"a": "1.safetensors", "b": "2.safetensors", "c": "2.safetensors"}}""");
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.IsType<ShardedSafetensors>(checkpoint);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal([1f, 2f], checkpoint.Read("a"));
        Assert.Equal([3f, 4f], checkpoint.Read("b"));
        var table = new WeightTable("Test", "test", [], [
            new("a.weight", "a", 1, 2, 0, WeightPacking.Dense), new("b.weight", "b", 1, 2, 16, WeightPacking.Dense), new("c.weight", "c", 1, 2, 32, WeightPacking.Dense)], [], 48);
        using var packed = WeightLoader.Load(checkpoint, table, 2);
        Assert.Equal([5f, 6f], packed.AsSpan(32, 2).ToArray());
    }

    [Fact]
    public void TensorInAnotherShardThanTheIndexSaysIsRefused() =>
        Refused("""{"weight_map": {"a": "1.safetensors", "b": "1.safetensors", "c": "2.safetensors"}}""", "b: found the tensor in 2.safetensors; expected it in 1.safetensors");

    [Fact]
    public void TensorInNoShardIsRefused() =>
        Refused("""{"weight_map": {"a": "1.safetensors", "d": "2.safetensors"}}""", "d: found the tensor in no file; expected it in 2.safetensors");

    [Fact]
    public void TensorInTwoShardsIsRefused()
    {
        using var folder = Shards("""{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}""");
        SafetensorsWriter.Write(folder.File("2.safetensors"), [("a", [2], [1, 2]), ("b", [2], [3, 4])]);
        Assert.Contains("a: found the tensor in two files, 1.safetensors and 2.safetensors", Error(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoEntriesForATensorAreRefused() =>
        Refused("""{"weight_map": {"a": "1.safetensors", "a": "2.safetensors"}}""", "a: found two entries for this tensor");

    [Fact]
    public void BrokenShardIsNamed()
    {
        using var folder = Shards("""{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}""");
        folder.Write("2.safetensors", [1, 2]);
        Assert.StartsWith(folder.File("2.safetensors"), Error(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void TensorThatTheIndexLeavesOutIsThere()
    {
        using var folder = Shards("""{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}""");
        using var checkpoint = Checkpoint.Open(folder.File(Index));
        Assert.Equal([5f, 6f], checkpoint.Read("c"));
    }

    private static void Refused(string index, string says)
    {
        using var folder = Shards(index);
        Assert.Contains(says, Error(folder), StringComparison.Ordinal);
    }

    private static string Error(TemporaryFolder folder) => Assert.Throws<InvalidInputException>(() => Checkpoint.Open(folder.Path)).Message;

    private static TemporaryFolder Shards(string index)
    {
        var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("1.safetensors"), [("a", [2], [1, 2])]);
        SafetensorsWriter.Write(folder.File("2.safetensors"), [("b", [2], [3, 4]), ("c", [2], [5, 6])]);
        folder.Write(Index, System.Text.Encoding.UTF8.GetBytes(index));
        return folder;
    }
}
