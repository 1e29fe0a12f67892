using Formwork.Benchmarks.Workloads;
using Formwork.Models;
using Formwork.Runtime.Models;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Ours: a generated encoder, with the passes that it has by default.</summary>
internal sealed class FormworkEncoder(EncoderShape shape) : FormworkContender<EncoderModel>, IEncoderContender
{
    private float[][] _states = [];

    /// <inheritdoc/>
    public void Encode(IReadOnlyList<int[]> sequences) =>
        _states = Model.Encode([.. sequences.Select(tokens => new EncoderInput(tokens))]);

    /// <inheritdoc/>
    public float[] States() => [.. _states.SelectMany(sequence => sequence)];

    /// <inheritdoc/>
    protected override EncoderModel Create(LoadOptions options) => shape.Name switch
    {
        "bert-base" => BertBaseUncased.FromParts(Parts(BertBaseUncased.Architecture, options)),
        _ => throw new NotSupportedException($"no model is generated for {shape.Name}"),
    };
}
