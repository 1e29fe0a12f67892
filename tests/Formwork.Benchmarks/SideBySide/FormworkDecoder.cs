using Formwork.Benchmarks.Workloads;
using Formwork.Models;
using Formwork.Runtime.Models;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Ours: a generated decoder.</summary>
internal sealed class FormworkDecoder(DecoderShape shape) : FormworkContender<DecoderModel>, IDecoderContender
{
    private DecoderSession? _session;

    /// <inheritdoc/>
    public void Reset() => Session.Reset();

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens) => Session.Prefill(tokens);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Step(int token) => Session.Step(token);

    private DecoderSession Session => _session ??= Model.NewSession();

    /// <inheritdoc/>
    protected override DecoderModel Create(LoadOptions options) => shape.Name switch
    {
        "gpt2" => Gpt2.FromParts(Parts(Gpt2.Architecture, options)),
        "smollm2-135m" => SmolLm2135M.FromParts(Parts(SmolLm2135M.Architecture, options)),
        "stories260k" => Stories260K.FromParts(Parts(Stories260K.Architecture, options)),
        "tinyllama-1.1b" => TinyLlama1100M.FromParts(Parts(TinyLlama1100M.Architecture, options)),
        _ => throw new NotSupportedException($"no model is generated for {shape.Name}"),
    };

    /// <inheritdoc/>
    protected override void DisposeSessions()
    {
        _session?.Dispose();
        _session = null;
    }
}
