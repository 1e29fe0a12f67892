using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Makes a <see cref="PositionsSpec"/> of the keys that hold for a stack.</summary>
internal sealed class PositionsResolver(Cascade positions, int? width, DiagnosticBag diagnostics)
{
    /// <summary>The base of sinusoids and rotations in their papers.</summary>
    public const double DefaultBase = 10000;

    private static readonly PositionsSpec Nothing = new(PositionKind.None, 0, SinusoidalArrangement.Interleaved);

    public PositionsSpec Resolve()
    {
        positions.CheckConditions();
        int offset = positions.Integer("offset") ?? 0;
        switch (positions.Choice<PositionsChoice>("kind"))
        {
            case PositionsChoice.Learned:
                return Nothing with { Kind = PositionKind.Learned, Offset = offset };
            case PositionsChoice.Sinusoidal:
                return Sinusoidal() with { Offset = offset };
            case PositionsChoice.Alibi:
                return Nothing with { Kind = PositionKind.Alibi };
            case PositionsChoice.Relative:
                return Nothing with
                {
                    Kind = PositionKind.Relative,
                    Buckets = positions.Integer("buckets") ?? 32,
                    MaxDistance = positions.Integer("max_distance") ?? 128,
                };
            default:
                return Nothing;
        }
    }

    private PositionsSpec Sinusoidal()
    {
        SpecValue kind = positions.Find("kind")!;
        if (width % 2 == 1)
            diagnostics.Report(DiagnosticCatalog.OddSinusoidWidth, kind.Span, kind.Path, width, width - 1, width + 1);
        return new PositionsSpec(
            PositionKind.Sinusoidal,
            positions.Number("base") ?? DefaultBase,
            positions.Choice<SinusoidalArrangement>("arrangement") ?? SinusoidalArrangement.Interleaved)
        {
            Spacing = positions.Choice<SinusoidalSpacing>("spacing") ?? SinusoidalSpacing.Open,
        };
    }
}
