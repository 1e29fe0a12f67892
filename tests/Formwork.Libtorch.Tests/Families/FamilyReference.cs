using System.Text.Json.Nodes;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// A family of models as its own paper and documentation describe it, in TorchSharp, and nothing of this project's compiler: what it takes is
/// the family's own config.json and tensors of the names and shapes that the family's published checkpoints have.
/// </summary>
/// <param name="name">The family, and the variant if there are several: <c>qwen3</c>, <c>phi3_longrope</c>.</param>
/// <param name="config">A complete config.json with the keys of the family's published ones.</param>
public abstract class FamilyReference(string name, JsonObject config)
{
    /// <summary>The family, and the variant if there are several.</summary>
    public string Name { get; } = name;

    /// <summary>The config.json.</summary>
    public JsonObject Config { get; } = config;

    /// <summary>The spec of a model that nobody publishes in a folder of its own layout, with this name in place of <c>NAME</c>; else null.</summary>
    public virtual string? Spec => null;

    /// <summary>The generation_config.json; null when checkpoints of the family have none that matters.</summary>
    public virtual JsonObject? GenerationConfig => null;

    /// <summary>Further JSON files of the folder, by path.</summary>
    public virtual IReadOnlyDictionary<string, JsonNode> OtherFiles => new Dictionary<string, JsonNode>();

    /// <summary>The tensors of a checkpoint with this config, in the order of the model.</summary>
    public abstract IEnumerable<TinyTensor> Tensors { get; }

    /// <summary>The name, so that tests show it.</summary>
    public override string ToString() => Name;
}
