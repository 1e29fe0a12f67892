using Formwork.Import.Configuration;
using Formwork.Runtime;
using Formwork.Runtime.Weights;

namespace Formwork.Import.Folders;

/// <summary>What a folder has to say about its model: the configurations, and the names and shapes of the tensors.</summary>
internal sealed class ModelFolder
{
    private ModelFolder(string path, ConfigSection config, IReadOnlyDictionary<string, TensorInfo>? tensors)
    {
        Path = path;
        Config = config;
        Tensors = tensors;
        Generation = ConfigFile.Find(path, "generation_config.json");
        TokenizerConfig = ConfigFile.Find(path, "tokenizer_config.json");
        ModelType = config.Text("model_type");
    }

    public string Path { get; }

    /// <summary>config.json.</summary>
    public ConfigSection Config { get; }

    /// <summary>generation_config.json; null when there is none.</summary>
    public ConfigSection? Generation { get; }

    /// <summary>tokenizer_config.json; null when there is none.</summary>
    public ConfigSection? TokenizerConfig { get; }

    /// <summary><c>model_type</c> of config.json.</summary>
    public string ModelType { get; }

    /// <summary>The tensors; null when the folder has no weights that can be read.</summary>
    public IReadOnlyDictionary<string, TensorInfo>? Tensors { get; }

    /// <summary>The class that the checkpoint was saved from, such as <c>BertForMaskedLM</c>; empty when the file does not say.</summary>
    public string SavedAs => Config.FindTexts("architectures") is [var first, ..] ? first : "";

    /// <summary>Opens a folder, or the folder of a config.json.</summary>
    /// <exception cref="InvalidInputException">It is no such folder, its files are broken, or its weights are quantised.</exception>
    public static ModelFolder Open(string path)
    {
        string folder = System.IO.Path.GetFileName(path) == HuggingFaceFolder.ConfigurationFile && File.Exists(path)
            ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))! : path;
        if (!HuggingFaceFolder.IsOne(folder))
        {
            throw new InvalidInputException(folder, null, Directory.Exists(folder) ? $"no {HuggingFaceFolder.ConfigurationFile}" : "no such folder",
                "a Hugging Face folder: config.json, safetensors, tokenizer files", "Fetch the whole repository of the model, and give its folder.");
        }
        ConfigSection config = ConfigFile.Read(System.IO.Path.Combine(folder, HuggingFaceFolder.ConfigurationFile));
        RefuseQuantised(config);
        return new ModelFolder(folder, config, ReadTensors(folder));
    }

    /// <summary>Whether the weights have a tensor whose name is this, or ends in a dot and this; null when there are none to look at.</summary>
    public bool? Stores(string name) => Tensors is null ? null : FindTensor(name) is not null;

    /// <summary>Whether the weights have a tensor whose name is this, or ends in a dot and this; as told when there are none to look at.</summary>
    public bool Stores(string name, bool otherwise) => Stores(name) ?? otherwise;

    /// <summary>The tensor whose name is this, or ends in a dot and this; null when there is none.</summary>
    public TensorInfo? FindTensor(string name) => Tensors is null ? null
        : Tensors.TryGetValue(name, out TensorInfo? exact) ? exact
        : Tensors.Values.FirstOrDefault(tensor => tensor.Name.EndsWith("." + name, StringComparison.Ordinal));

    /// <summary>What to throw when the checkpoint was saved from a class that has parts a spec cannot say.</summary>
    public InvalidInputException UnsupportedClass(string expected, string remedy = "Save the model from one of these classes, or use another checkpoint.") =>
        Config.Wrong("architectures", $"\"{SavedAs}\"", expected, remedy);

    private static void RefuseQuantised(ConfigSection config)
    {
        if (config.FindSection("quantization_config") is { } quantised)
        {
            string method = quantised.FindText("quant_method") ?? "an unnamed method";
            throw config.Wrong("quantization_config", $"weights quantised by {method}", "weights in float32, float16 or bfloat16",
                "Take the checkpoint that is not quantised, or dequantise it with the library that made it and save it again.");
        }
    }

    private static IReadOnlyDictionary<string, TensorInfo>? ReadTensors(string folder)
    {
        if (!Directory.EnumerateFiles(folder, "*.safetensors").Any() && !File.Exists(System.IO.Path.Combine(folder, "model.safetensors.index.json")))
            return null;
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        var tensors = new Dictionary<string, TensorInfo>(checkpoint.Tensors, StringComparer.Ordinal);
        if (tensors.Keys.FirstOrDefault(name => name.EndsWith("_blocks", StringComparison.Ordinal)) is { } blocks)
        {
            throw new InvalidInputException(checkpoint.Path, blocks, "weights in blocks of four bits with shared scales (MXFP4)", "weights in float32, float16 or bfloat16",
                "Take a checkpoint that is not quantised, or dequantise this one with the library that made it and save it again.");
        }
        return tensors;
    }
}
