using Formwork.Benchmarks.Workloads;
using Formwork.Models;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Ours: a generated model with the random weights that all contenders have.</summary>
internal sealed class FormworkDecoder(DecoderShape shape) : IContender
{
    /// <summary>Its heading in the tables.</summary>
    public const string ContenderName = "Formwork";

    private DecoderModel? _model;
    private DecoderSession? _session;

    /// <inheritdoc/>
    public string Name => ContenderName;

    /// <inheritdoc/>
    public void UseThreads(int threads)
    {
        if (_model?.Threads == threads)
            return;
        Dispose();
        _model = Create(shape.Name, new LoadOptions { Threads = threads });
        _session = _model.NewSession();
    }

    /// <inheritdoc/>
    public void Reset() => Session.Reset();

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens) => Session.Prefill(tokens);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Step(int token) => Session.Step(token);

    /// <inheritdoc/>
    public void Rest()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();
        _model?.Dispose();
        (_session, _model) = (null, null);
    }

    private DecoderSession Session => _session ?? throw new InvalidOperationException("say first with how many threads");

    private static DecoderModel Create(string name, LoadOptions options) => name switch
    {
        "gpt2" => Gpt2.FromParts(Parts(Gpt2.Architecture, options)),
        "smollm2-135m" => SmolLm2135M.FromParts(Parts(SmolLm2135M.Architecture, options)),
        "stories260k" => Stories260K.FromParts(Parts(Stories260K.Architecture, options)),
        "tinyllama-1.1b" => TinyLlama1100M.FromParts(Parts(TinyLlama1100M.Architecture, options)),
        _ => throw new NotSupportedException($"no model is generated for {name}"),
    };

    private static ModelParts Parts(ModelDescription description, LoadOptions options)
    {
        using var checkpoint = new SharedCheckpoint(description.Weights);
        return new ModelParts(description, WeightLoader.Load(checkpoint, description.Weights, Environment.ProcessorCount), null, options);
    }
}
