using Formwork.Benchmarks.Workloads;
using Formwork.Models;
using Formwork.Runtime.Models;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Ours: a generated encoder-decoder, each target a session with a cache of its own over the same source.</summary>
internal sealed class FormworkTranslator(TranslatorShape shape) : FormworkContender<EncoderDecoderModel>, ITranslatorContender
{
    private DecoderSession[] _targets = [];

    /// <inheritdoc/>
    public void Begin(int[] source, int targets)
    {
        DisposeSessions();
        // The sessions keep it.
        using var memory = Model.Encode(source);
        _targets = [.. Enumerable.Range(0, targets).Select(_ => Model.NewSession(memory))];
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<int> tokens) => Model.StepBatch(_targets, tokens);

    /// <inheritdoc/>
    public float[] Logits() => [.. _targets.SelectMany(target => target.Logits.ToArray())];

    /// <inheritdoc/>
    protected override EncoderDecoderModel Create(LoadOptions options) => shape.Name switch
    {
        "transformer-base" => TransformerBase.FromParts(Parts(TransformerBase.Architecture, options)),
        _ => throw new NotSupportedException($"no model is generated for {shape.Name}"),
    };

    /// <inheritdoc/>
    protected override void DisposeSessions()
    {
        foreach (var target in _targets)
            target.Dispose();
        _targets = [];
    }
}
