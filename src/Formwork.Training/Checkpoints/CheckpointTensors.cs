using Formwork.Runtime.Memory;
using Formwork.Runtime.Weights;
using Formwork.Training.Optimizers;

namespace Formwork.Training.Checkpoints;

/// <summary>
/// Weights and optimizer state as safetensors. The state has a tensor for each of the weights', its name after the state's, so that it
/// outlives a change of the packing.
/// </summary>
internal static unsafe class CheckpointTensors
{
    private const string OptimizerFile = "optimizer.safetensors";

    /// <summary>Writes weights under their own names.</summary>
    public static void WriteWeights(string path, TrainedWeights weights, TensorType type = TensorType.F32)
    {
        using var packed = new PackedCheckpoint(weights.Table, weights.Values);
        SafetensorsWriter.Write(path, packed, type, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>Writes both into a folder.</summary>
    public static void Write(string folder, TrainedWeights weights, Optimizer optimizer)
    {
        WriteWeights(Path.Combine(folder, weights.FileName), weights);
        using var state = new JoinedCheckpoint([.. optimizer.State.Select(part => new PackedCheckpoint(Of(weights.Table, part.Name), part.Values))]);
        SafetensorsWriter.Write(Path.Combine(folder, OptimizerFile), state);
    }

    /// <summary>Reads both from a folder. Nothing is changed unless all of it can be read.</summary>
    /// <exception cref="Runtime.InvalidInputException">A tensor is missing or does not fit.</exception>
    public static void Read(string folder, TrainedWeights weights, Optimizer optimizer)
    {
        using Checkpoint moments = Checkpoint.Open(Path.Combine(folder, OptimizerFile));
        NativeBuffer[] state = [.. optimizer.State.Select(part => WeightLoader.Load(moments, Of(weights.Table, part.Name), Environment.ProcessorCount))];
        using Checkpoint stored = Checkpoint.Open(Path.Combine(folder, weights.FileName));
        ReadWeights(stored, weights);
        for (int i = 0; i < state.Length; i++)
        {
            Copy(state[i], optimizer.State[i].Values);
            state[i].Dispose();
        }
    }

    /// <summary>Reads weights.</summary>
    /// <exception cref="Runtime.InvalidInputException">A tensor is missing or does not fit.</exception>
    public static void ReadWeights(Checkpoint stored, TrainedWeights weights)
    {
        using NativeBuffer values = WeightLoader.Load(stored, weights.Table, Environment.ProcessorCount);
        Copy(values, weights.Values);
    }

    private static WeightTable Of(WeightTable table, string state) => table with
    {
        Prefixes = [state + "."],
        // The other state's tensors.
        Ignored = ["*"],
    };

    private static void Copy(NativeBuffer from, NativeBuffer to) =>
        Buffer.MemoryCopy(from.Pointer, to.Pointer, to.Length * sizeof(float), from.Length * sizeof(float));
}
