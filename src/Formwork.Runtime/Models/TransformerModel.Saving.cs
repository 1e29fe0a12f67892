using Formwork.Runtime.Weights;

namespace Formwork.Runtime.Models;

public abstract unsafe partial class TransformerModel
{
    private const string WeightsFile = "model.safetensors", WeightsExtension = ".safetensors";

    /// <summary>
    /// Writes the weights as a checkpoint of the model's own layout, which <c>Load</c> reads again. The file appears under its name only when
    /// it is whole; an older one is replaced then.
    /// </summary>
    /// <param name="path">A <c>.safetensors</c> file, or a folder, made if need be, that gets <c>model.safetensors</c>.</param>
    /// <param name="type">How to store them: <see cref="TensorType.F32"/>, which keeps every bit, or rounded to <see cref="TensorType.F16"/> or <see cref="TensorType.BF16"/>.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(string path, TensorType type = TensorType.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isFile = path.EndsWith(WeightsExtension, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
        string file = isFile ? path : Path.Combine(path, WeightsFile);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            lock (Gate)
            {
                ObjectDisposedException.ThrowIf(Disposed, this);
                using var packed = new PackedCheckpoint(Description.Weights, _weights);
                SafetensorsWriter.Write(file, packed, type, new Dictionary<string, string> { ["format"] = "pt" });
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(file, null, $"a place that cannot be written ({error.Message})", "room for the weights",
                "Free space there or give another path; an older file of that name is as it was.", error);
        }
    }
}
