using System.Text.Json;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.Training.Checkpoints;

namespace Formwork.Training.Adaptation;

/// <summary>Adapters in a folder of their own, named as PEFT names them: <c>adapter_model.safetensors</c> and <c>adapter_config.json</c>.</summary>
public static class AdapterFiles
{
    internal const string Weights = "adapter_model.safetensors";

    private const string Configuration = "adapter_config.json";

    /// <summary>Adds adapters to a loaded model's weights.</summary>
    /// <param name="model">The model that they were trained on.</param>
    /// <param name="folder">Their folder.</param>
    /// <exception cref="InvalidInputException">The files are missing, damaged, or of another model's adapters.</exception>
    public static void Merge(TransformerModel model, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using LowRankAdapters adapters = LowRankAdapters.Create(model, ReadConfiguration(Path.Combine(folder, Configuration)), seed: 0);
        using (Checkpoint stored = Checkpoint.Open(Path.Combine(folder, Weights)))
            CheckpointTensors.ReadWeights(stored, adapters);
        model.Run(adapters.Publish);
        model.WeightsChanged();
    }

    internal static void WriteConfiguration(string folder, LowRankOptions options, ModelDescription model, IEnumerable<AdaptedMatrix> matrices)
    {
        string path = Path.Combine(folder, Configuration), temporary = path + ".tmp";
        using (FileStream stream = File.Create(temporary))
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", "LORA");
            json.WriteString("base_model_name_or_path", model.Name);
            json.WriteNumber("r", options.Rank);
            json.WriteNumber("lora_alpha", options.Alpha);
            json.WriteString("bias", "none");
            json.WriteStartArray("target_modules");
            // The last part of "base_model.model.h.0.attn.q_proj.lora_A.weight" that is the module's own.
            foreach (string module in matrices.Select(matrix => matrix.A.Tensor.Split('.')[^3]).Distinct())
                json.WriteStringValue(module);
            json.WriteEndArray();
            json.WriteStartArray("formwork_projections");
            foreach (string pattern in options.Projections)
                json.WriteStringValue(pattern);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static LowRankOptions ReadConfiguration(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return new LowRankOptions
            {
                Rank = root.GetProperty("r").GetInt32(),
                Alpha = root.GetProperty("lora_alpha").GetDouble(),
                Projections = [.. root.GetProperty("formwork_projections").EnumerateArray().Select(pattern => pattern.GetString()!)],
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException(path, null, $"a file that is none ({error.Message})", "the configuration of adapters that were trained here", "Give the folder of a run that trained adapters.", error);
        }
    }
}
