using System.Text.Json;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;

namespace Formwork.Import.Tests;

/// <summary>A folder of Hugging Face's kind, written for one test.</summary>
internal sealed class FolderOnDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FolderOnDisk(string config) => With("config.json", config);

    public string Path => _folder.Path;

    /// <summary>Adds a file.</summary>
    public FolderOnDisk With(string name, string text)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>Adds weights: tensors of these names, one number each, as only names count here.</summary>
    public FolderOnDisk WithTensors(params string[] names)
    {
        SafetensorsWriter.Write(_folder.File("model.safetensors"), names.Select(name => (name, new[] { 1 }, new float[1])));
        return this;
    }

    /// <summary>A configuration with some keys changed: <c>null</c> takes one away, anything else is JSON.</summary>
    public static string Changed(string config, params (string Key, string? Value)[] changes)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(config)!;
        foreach ((string key, string? value) in changes)
        {
            members.Remove(key);
            if (value is not null)
                members[key] = JsonSerializer.Deserialize<JsonElement>(value);
        }
        return JsonSerializer.Serialize(members);
    }

    public void Dispose() => _folder.Dispose();
}
