using System.Text.Json;
using System.Text.Json.Nodes;
using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.Import;
using Formwork.Runtime.Weights;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Writes a family's folder as it is published, with random weights.</summary>
public static class TinyCheckpoint
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// Writes <c>config.json</c>, <c>generation_config.json</c> if the family has one, its other files, and <c>model.safetensors</c>, or with more
    /// than one shard <c>model-00001-of-0000N.safetensors</c> and so on with <c>model.safetensors.index.json</c>.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="reference">The family.</param>
    /// <param name="seed">As for <see cref="TinyWeights.Draw"/>.</param>
    /// <param name="shards">Files for the weights; tensors go to them in equal numbers, in order.</param>
    public static void Write(string folder, FamilyReference reference, int seed, int shards = 1)
    {
        WriteJson(Path.Combine(folder, "config.json"), reference.Config);
        if (reference.GenerationConfig is { } generation)
            WriteJson(Path.Combine(folder, "generation_config.json"), generation);
        foreach ((string path, JsonNode content) in reference.OtherFiles)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            WriteJson(Path.Combine(folder, path), content);
        }
        TinyTensor[] tensors = reference.Tensors.ToArray();
        if (shards == 1)
            WriteTensors(Path.Combine(folder, "model.safetensors"), tensors, seed);
        else
            WriteShards(folder, tensors, seed, shards);
    }

    /// <summary>Imports a written folder, or reads the spec of a family that has one of its own.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="reference">The family that was written there.</param>
    /// <param name="model">The C# type's name.</param>
    public static ImportedModel Import(string folder, FamilyReference reference, string model)
    {
        if (reference.Spec is null)
            return HuggingFaceFolder.Import(folder, model);
        var text = new ModelText(Path.Combine(folder, HuggingFaceFolder.SpecFile), reference.Spec.Replace("NAME", model, StringComparison.Ordinal));
        ParsedModel parsed = ModelCompiler.Parse(text);
        return new ImportedModel(text, parsed.Spec ?? throw new InvalidOperationException(string.Join("\n", parsed.Diagnostics)), folder);
    }

    private static void WriteShards(string folder, TinyTensor[] tensors, int seed, int shards)
    {
        var map = new JsonObject();
        TinyTensor[][] parts = tensors.Chunk((tensors.Length + shards - 1) / shards).ToArray();
        for (int part = 0; part < parts.Length; part++)
        {
            string file = $"model-{part + 1:D5}-of-{parts.Length:D5}.safetensors";
            WriteTensors(Path.Combine(folder, file), parts[part], seed);
            foreach (TinyTensor entry in parts[part])
                map[entry.Name] = file;
        }
        long bytes = tensors.Sum(entry => (long)entry.Count) * sizeof(float);
        WriteJson(Path.Combine(folder, "model.safetensors.index.json"),
            new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = bytes }, ["weight_map"] = map });
    }

    private static void WriteTensors(string path, IEnumerable<TinyTensor> tensors, int seed) =>
        SafetensorsWriter.Write(path, tensors.Select(entry => (entry.Name, entry.Shape, entry.Draw(seed))),
            metadata: new Dictionary<string, string> { ["format"] = "pt" });

    private static void WriteJson(string path, JsonNode content) => File.WriteAllText(path, content.ToJsonString(Indented) + "\n");
}
