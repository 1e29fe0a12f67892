using CsCheck;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>
/// Whatever bytes a file has, opening and reading it gives numbers or an <see cref="InvalidInputException"/>, and allocates no more than a
/// file of its size can need.
/// </summary>
public sealed class MutatedCheckpointTests
{
    private const long MostAllocatedBytes = 4_000_000;

    private static readonly Gen<(int At, byte Value)[]> Changes = Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 4];

    [Fact]
    public void MutatedSafetensorsNeverDoWorse()
    {
        string header = "{" + string.Join(",",
            CheckpointBytes.Entry("wte", "F32", "[4, 3]", "[0, 48]"),
            CheckpointBytes.Entry("h.0.attn", "BF16", "[2, 3]", "[48, 60]"),
            CheckpointBytes.Entry("h.0.bias", "F16", "[5]", "[60, 70]"),
            CheckpointBytes.Entry("mask", "BOOL", "[2]", "[70, 72]")) + "}";
        CheckMutations("m.safetensors", CheckpointBytes.Safetensors(header, 72), headerBytes: 8 + header.Length);
    }

    [Fact]
    public void MutatedLlama2CNeverDoesWorse() => CheckMutations("m.bin", CheckpointBytes.Llama2C(), headerBytes: 28);

    [Fact]
    public void MutatedIndexNeverDoesWorse() =>
        CheckMutations("model.safetensors.index.json", """{"metadata": {"total_size": 48}, "weight_map": {"w": "a.safetensors", "v": "b.safetensors"}}"""u8.ToArray(), 90);

    [Fact]
    public void CutFilesNeverDoWorse()
    {
        using var folder = new TemporaryFolder();
        byte[] file = CheckpointBytes.Safetensors("{" + CheckpointBytes.Entry("wte", "F32", "[4, 3]", "[0, 48]") + "}", 48);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<InvalidInputException>(() => Checkpoint.Open(folder.Write("m.safetensors", file.AsSpan(0, length))));
        byte[] llama = CheckpointBytes.Llama2C();
        for (int length = 0; length < llama.Length; length += 97)
            Assert.Throws<InvalidInputException>(() => Checkpoint.Open(folder.Write("m.bin", llama.AsSpan(0, length))));
    }

    private static void CheckMutations(string name, byte[] sound, int headerBytes)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.safetensors", CheckpointBytes.Safetensors("{" + CheckpointBytes.Entry("w", "F32", "[2, 3]", "[0, 24]") + "}", 24));
        folder.Write("b.safetensors", CheckpointBytes.Safetensors("{" + CheckpointBytes.Entry("v", "F32", "[2, 3]", "[0, 24]") + "}", 24));
        using (Checkpoint.Open(folder.Write(name, sound)))
        {
        }
        Changes.Sample(changes =>
        {
            var bytes = (byte[])sound.Clone();
            foreach (var (at, value) in changes)
                bytes[at % headerBytes] = Likely(value);
            string path = folder.Write(name, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadAll(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocatedBytes);
        }, iter: 700, threads: 1);
    }

    // Half of the changed bytes are ones that mean something in a header.
    private static byte Likely(byte value) => value % 2 == 0 ? value : (byte)"0123456789-{}[]\",:. eE"[value / 2 % 22];

    private static void ReadAll(string path)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values)
            {
                if (tensor.Type is TensorType.F32 or TensorType.F16 or TensorType.BF16)
                    Assert.Equal(tensor.Count, checkpoint.Read(tensor.Name).Length);
                else
                    Assert.Throws<InvalidInputException>(() => checkpoint.Read(tensor.Name));
            }
        }
        catch (InvalidInputException error)
        {
            Assert.StartsWith(path, error.InputSource.Replace("a.safetensors", Path.GetFileName(path)).Replace("b.safetensors", Path.GetFileName(path)));
        }
    }
}
