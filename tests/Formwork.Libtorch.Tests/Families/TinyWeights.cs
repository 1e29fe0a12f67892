using Formwork.Runtime.Weights;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>A checkpoint's tensors in memory, by name. It remembers which were asked for.</summary>
public sealed class TinyWeights
{
    private readonly IReadOnlyDictionary<string, Tensor> _tensors;
    private readonly HashSet<string> _used;
    private readonly string _prefix;

    private TinyWeights(IReadOnlyDictionary<string, Tensor> tensors, HashSet<string> used, string prefix)
    {
        _tensors = tensors;
        _used = used;
        _prefix = prefix;
    }

    /// <summary>The number type.</summary>
    public ScalarType Type => _tensors.Values.First().dtype;

    /// <summary>The names that nobody has asked for.</summary>
    public IEnumerable<string> Unused => _tensors.Keys.Where(name => !_used.Contains(name)).Order(StringComparer.Ordinal);

    /// <summary>The tensor of this name, below the prefix.</summary>
    /// <exception cref="KeyNotFoundException">The checkpoint has none of this name.</exception>
    public Tensor this[string name]
    {
        get
        {
            if (!_tensors.TryGetValue(_prefix + name, out Tensor? found))
                throw new KeyNotFoundException($"no tensor {_prefix}{name}");
            _used.Add(_prefix + name);
            return found;
        }
    }

    /// <summary>The numbers that <see cref="TinyCheckpoint.Write"/> stores for the same seed.</summary>
    public static TinyWeights Draw(FamilyReference reference, int seed, ScalarType type = ScalarType.Float32) =>
        Of(reference.Tensors.ToDictionary(
            entry => entry.Name,
            entry => tensor(entry.Draw(seed), entry.Shape.Select(size => (long)size).ToArray()).to(type)));

    /// <summary>A stored checkpoint's numbers.</summary>
    public static TinyWeights Read(Checkpoint checkpoint, ScalarType type = ScalarType.Float32) =>
        Of(checkpoint.Tensors.ToDictionary(
            entry => entry.Key,
            entry => tensor(checkpoint.Read(entry.Key), entry.Value.Shape.ToArray()).to(type)));

    /// <summary>These tensors.</summary>
    public static TinyWeights Of(IReadOnlyDictionary<string, Tensor> tensors) => new(tensors, new HashSet<string>(StringComparer.Ordinal), "");

    /// <summary>The same tensors, those below a prefix: <c>weights.Below("model.layers.3.")["input_layernorm.weight"]</c>.</summary>
    public TinyWeights Below(string prefix) => new(_tensors, _used, _prefix + prefix);

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(_prefix + name);

    /// <summary>x·Wᵀ + b with <c>path.weight</c> <c>[outputs, inputs]</c> and <c>path.bias</c>, if the checkpoint has one.</summary>
    public Tensor Linear(Tensor x, string path) =>
        nn.functional.linear(x, this[$"{path}.weight"], Has($"{path}.bias") ? this[$"{path}.bias"] : null);

    /// <summary>The rows of a table for ids of any shape: <c>[…, width]</c>.</summary>
    public Tensor Rows(Tensor ids, string path) => this[$"{path}.weight"][ids];
}
