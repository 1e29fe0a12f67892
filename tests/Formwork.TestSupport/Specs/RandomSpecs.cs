using CsCheck;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.TestSupport.Specs;

/// <summary>
/// Architectures drawn from everything that the schema can say, small. Once in a great many draws two experts' scores are as close as single
/// precision rounds, and a model may then choose the other one than the interpreter: with a seed that shows this, nothing is wrong.
/// </summary>
public static class RandomSpecs
{
    private static readonly Gen<NormSpec> Norm =
        from kind in Gen.Enum<NormKind>()
        from epsilon in Gen.OneOf(1e-5, 1e-6, 0.1)
        from bias in Gen.Bool
        from unitOffset in Gen.Bool
        select new NormSpec(kind, epsilon, bias && kind == NormKind.Layer, unitOffset);

    private static readonly Gen<AttentionSpec> Attention =
        from keyValueHeads in Gen.Int[1, 4]
        from sharing in Gen.Int[1, 3]
        from headWidth in Gen.OneOf(2, 4, 5, 8, 12, 16, 20, 24, 33, 64)
        from biases in Gen.Bool.Array[4]
        from scale in Gen.OneOf(1 / Math.Sqrt(headWidth), 0.3)
        from rotary in Rotary(headWidth).Null()
        from window in Gen.Int[1, 20].Nullable()
        from cap in Gen.OneOf(2.0, 30.0).Nullable()
        from sinks in Gen.Bool
        from queryKeyNorm in Gen.Enum<QueryKeyNorm>()
        select new AttentionSpec(keyValueHeads * sharing, keyValueHeads, headWidth, biases[0], biases[1], biases[2], biases[3], scale, rotary)
        {
            Window = window,
            ScoreCap = cap,
            Sinks = sinks,
            QueryKeyNorm = queryKeyNorm,
        };

    private static readonly Gen<ExpertsSpec> Experts =
        from groups in Gen.Int[1, 3]
        from groupSize in Gen.Int[1, 4]
        from chosenGroups in Gen.Int[1, groups]
        from chosen in Gen.Int[1, chosenGroups * groupSize]
        from score in Gen.Enum<RouterScore>()
        from groupScore in Gen.Enum<GroupScore>()
        from flags in Gen.Bool.Array[4]
        from scale in Gen.OneOf(1.0, 2.5)
        from shared in Gen.OneOf(1, 20, 43).Nullable()
        select new ExpertsSpec(groups * groupSize, chosen)
        {
            Score = score,
            Renormalize = flags[0],
            Scale = scale,
            RouterBias = flags[1],
            SelectionBias = flags[2],
            Groups = groups,
            ChosenGroups = chosenGroups,
            GroupScore = groupScore,
            SharedWidth = shared,
            SharedGate = flags[3] && shared is not null,
        };

    private static readonly Gen<FeedForwardSpec> FeedForward =
        from width in Gen.OneOf(1, 8, 20, 43, 64, 96, 172)
        from activation in Gen.Enum<Activation>()
        from gated in Gen.Bool
        from biases in Gen.Bool.Array[3]
        from clamp in Gen.OneOf(0.5, 7.0).Nullable()
        from offset in Gen.OneOf(0.0, 1.0)
        from experts in Experts.Null(0.7)
        select new FeedForwardSpec(width, activation, gated, gated && biases[0], biases[1], biases[2])
        {
            Clamp = gated ? clamp : null,
            UpOffset = gated ? offset : 0,
            Experts = experts,
        };

    private static readonly Gen<LayerSpec> Layer =
        from attention in Attention
        from feedForward in FeedForward
        from norm in Norm
        from placement in Gen.Enum<NormPlacement>()
        from parts in Gen.Enum<PartsArrangement>()
        from residualScale in Gen.OneOf(1.0, 0.22)
        select new LayerSpec(attention, feedForward, norm, placement)
        {
            Parts = placement == NormPlacement.Pre ? parts : PartsArrangement.Sequential,
            ResidualScale = residualScale,
        };

    /// <summary>Decoder-only models of up to four layers in up to two groups.</summary>
    public static Gen<ModelSpec> Decoder { get; } =
        from width in Gen.OneOf(8, 12, 16, 24, 33, 40, 64, 100)
        from vocabulary in Gen.OneOf(2, 17, 53, 64, 100)
        from context in Gen.Int[8, 40]
        from positions in Positions(width)
        from groups in Layer.Array[1, 2]
        from repeat in Gen.Int[1, 2]
        from scale in Gen.OneOf(1, Math.Sqrt(width), 0.5)
        from tied in Gen.Bool
        from bias in Gen.Bool
        from layout in Layout(groups)
        select (SmallSpecs.Gpt2("Drawn", vocabulary, context, width) with
        {
            Embedding = new EmbeddingSpec(scale),
            Unembedding = new UnembeddingSpec(tied, bias),
            Weights = layout,
        })
        .WithPositions(positions.Kind, positions.Arrangement)
        .WithLayers(groups.SelectMany(layer => Enumerable.Repeat(layer, repeat)).ToArray());

    /// <summary>The same specs for the same seed, each with a name of its own.</summary>
    public static ModelSpec[] Draw(int count, uint seed)
    {
        var random = new PCG(stream: 1, seed);
        return Enumerable.Range(0, count).Select(index => Decoder.Generate(random, null, out _) with { Name = $"Drawn{index}" }).ToArray();
    }

    private static Gen<RotarySpec> Rotary(int headWidth) =>
        from @base in Gen.OneOf(10000.0, 500.0, 1e6)
        from pairing in Gen.Enum<RotaryPairing>()
        from pairs in Gen.Int[1, headWidth / 2]
        from whole in Gen.Bool
        select new RotarySpec(@base, pairing, 2 * (whole ? headWidth / 2 : pairs));

    private static Gen<PositionsSpec> Positions(int width) =>
        // Relative positions want layers of the same heads, which these are not.
        from kind in width % 2 == 0
            ? Gen.OneOf(PositionKind.None, PositionKind.Learned, PositionKind.Sinusoidal, PositionKind.Alibi)
            : Gen.OneOf(PositionKind.None, PositionKind.Learned, PositionKind.Alibi)
        from arrangement in Gen.Enum<SinusoidalArrangement>()
        select new PositionsSpec(kind, 10000, arrangement);

    /// <summary>Layouts that can hold these layers: a tensor is fused only where every layer has all its parts.</summary>
    private static Gen<WeightLayout> Layout(LayerSpec[] layers)
    {
        bool allBiases = layers.All(layer => layer.Attention is { QueryBias: true, KeyBias: true, ValueBias: true });
        bool allGated = layers.All(layer => layer.FeedForward.Gated), normed = layers.Any(layer => layer.Attention.QueryKeyNorm != QueryKeyNorm.None);
        bool experts = layers.All(layer => layer.FeedForward is { Gated: true } or { Experts: null });
        return
            from transposed in Gen.Bool
            from drawn in Gen.Enum<RotaryPairing>().Nullable()
            // A norm of queries and keys wants the pairing that they are stored in.
            let pairing = normed ? null : drawn
            from fused in Gen.Bool
            from fusedGate in Gen.Bool
            from perExpert in Gen.Bool
            from inTurn in Gen.Bool
            from prefixed in Gen.Bool
            select CanonicalLayout.Value
                .With(transposed, layout => layout.WithTransposedLayers())
                .With(pairing is not null, layout => layout.WithPairing(pairing!.Value))
                .With(fused, layout => layout.WithFused("h.{layer}.c_attn", allBiases, "query", "key", "value"))
                .With(fusedGate && allGated, layout => layout.WithFused("h.{layer}.gate_up", false, "gate", "up"))
                .With(perExpert, layout => layout.WithTensorPerExpert())
                .With(fusedGate && experts, layout => layout.WithFusedExperts(biases: false))
                .With(inTurn, layout => layout.WithRowsInTurn())
                .With(prefixed, layout => layout.WithPrefixes("", "transformer."));
    }

    private static WeightLayout With(this WeightLayout layout, bool wanted, Func<WeightLayout, WeightLayout> change) => wanted ? change(layout) : layout;
}
