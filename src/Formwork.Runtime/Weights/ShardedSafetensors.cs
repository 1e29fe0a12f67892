using System.Text.Json;
using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Weights;

/// <summary>
/// Several safetensors files with one index, <c>model.safetensors.index.json</c>, whose <c>weight_map</c> names each tensor's file. All
/// files lie in the index's folder. Tensors that the index leaves out are there too; one that lies in two files is refused.
/// </summary>
public sealed class ShardedSafetensors : Checkpoint
{
    private const int MostIndexBytes = 100_000_000;
    private const string Expected = "an index of safetensors files";
    private const string Fetch = "Download all files of the model, and its index, from one place.";

    private readonly Dictionary<string, SafetensorsFile> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);

    /// <summary>Reads an index, and maps and checks every file it names.</summary>
    /// <exception cref="InvalidInputException">The index or a file is missing or not sound, or they disagree.</exception>
    public ShardedSafetensors(string path)
        : base(path)
    {
        try
        {
            var map = ReadIndex(path);
            OpenShards(map.Values);
            CheckPlaces(map);
        }
        catch
        {
            Dispose(true);
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var shard in _shards.Values)
            shard.Dispose();
    }

    /// <inheritdoc/>
    protected internal override void ReadElements(TensorInfo tensor, long first, Span<float> destination) =>
        _owners[tensor.Name].ReadElements(tensor, first, destination);

    /// <inheritdoc/>
    protected internal override unsafe float* Map(TensorInfo tensor) => _owners[tensor.Name].Map(tensor);

    private static Dictionary<string, string> ReadIndex(string path)
    {
        using var file = new MappedFile(path, Expected);
        if (file.Length > MostIndexBytes)
            throw new InvalidInputException(path, null, $"{file.Length} bytes", $"{Expected} of at most {MostIndexBytes}", "Give the path of the weights.");
        var text = file.Bytes(0, (int)file.Length);
        ForeignFormat.Refuse(path, text, Expected);
        try
        {
            var reader = new Utf8JsonReader(text);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) ||
                map.ValueKind != JsonValueKind.Object)
                throw new InvalidInputException(path, null, "no `weight_map` object", Expected, "Give the path of the weights. " + Fetch);
            return ReadMap(path, map);
        }
        // InvalidOperationException is how the reader says that a string is not UTF-8.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException(path, null, $"text that is not JSON ({error.Message})", Expected, Fetch, error);
        }
    }

    private static Dictionary<string, string> ReadMap(string path, JsonElement map)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            string? name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
            // An index comes from outside: it may name its neighbours only.
            if (string.IsNullOrEmpty(name) || name is "." or ".." || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
                throw new InvalidInputException(path, entry.Name, $"the file `{entry.Value}`", "the name of a file beside the index", Fetch);
            if (!files.TryAdd(entry.Name, name))
                throw new InvalidInputException(path, entry.Name, "two entries for this tensor", "one", Fetch);
        }
        return files;
    }

    private void OpenShards(IEnumerable<string> names)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (string name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string file = System.IO.Path.Combine(folder, name);
            if (!File.Exists(file))
                throw new InvalidInputException(Path, name, "no such file in the index's folder", "every file that the index names", Fetch);
            var shard = new SafetensorsFile(file);
            _shards.Add(name, shard);
            foreach (var tensor in shard.Tensors.Values)
            {
                if (_owners.TryGetValue(tensor.Name, out var other))
                    throw new InvalidInputException(Path, tensor.Name, $"the tensor in two files, {System.IO.Path.GetFileName(other.Path)} and {name}",
                        "it in one", Fetch);
                _owners.Add(tensor.Name, shard);
                _tensors.Add(tensor.Name, tensor);
            }
        }
    }

    private void CheckPlaces(Dictionary<string, string> map)
    {
        foreach (var (tensor, file) in map)
            if (!_shards[file].Tensors.ContainsKey(tensor))
                throw new InvalidInputException(Path, tensor, _owners.TryGetValue(tensor, out var owner)
                    ? $"the tensor in {System.IO.Path.GetFileName(owner.Path)}" : "the tensor in no file", $"it in {file}, as the index says", Fetch);
    }
}
