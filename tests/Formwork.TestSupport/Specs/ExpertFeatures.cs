using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Specs;

/// <summary>
/// Mixtures of experts. Where single precision and the interpreter round a router's scores differently they could choose differently, so
/// a test requires of all of these that no choice is that close with the seeds that the tests use.
/// </summary>
public static class ExpertFeatures
{
    private static readonly ExpertsSpec Six = new(6, 2);

    /// <summary>The specs by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> All { get; } = List(SmallSpecs.Gpt2(context: 24), SmallSpecs.Llama(context: 24))
        .Select((feature, index) => (feature.Name, Spec: feature.Spec with { Name = $"Experts{index}" }))
        .ToDictionary(feature => feature.Name, feature => feature.Spec);

    private static IEnumerable<(string Name, ModelSpec Spec)> List(ModelSpec gpt2, ModelSpec llama) =>
        [.. Routers(llama), .. Parts(gpt2, llama), .. Sizes(gpt2, llama), .. Places(llama), .. Layouts(llama)];

    private static IEnumerable<(string, ModelSpec)> Routers(ModelSpec llama)
    {
        yield return ("by softmax", llama.WithExperts(Six));
        yield return ("by softmax, not renormalized, scaled, with a router's bias", llama.WithExperts(Six with { Renormalize = false, Scale = 16, RouterBias = true }));
        yield return ("by softmax in the best groups", llama.WithExperts(
            new ExpertsSpec(10, 3) { Renormalize = false, Groups = 5, ChosenGroups = 2 }));
        yield return ("by sigmoid", llama.WithExperts(Six with { Score = RouterScore.Sigmoid }));
        yield return ("by sigmoid, not renormalized, with a selection bias", llama.WithExperts(
            Six with { Score = RouterScore.Sigmoid, Renormalize = false, SelectionBias = true }));
        yield return ("by sigmoid in the best groups by two, with a selection bias", llama.WithExperts(
            new ExpertsSpec(12, 4) { Score = RouterScore.Sigmoid, SelectionBias = true, Scale = 2.5, Groups = 3, ChosenGroups = 2, GroupScore = GroupScore.TwoLargest }));
    }

    private static IEnumerable<(string, ModelSpec)> Parts(ModelSpec gpt2, ModelSpec llama)
    {
        yield return ("not gated, with biases", gpt2.WithExperts(Six));
        yield return ("with a shared one", llama.WithExperts(Six with { SharedWidth = 20 }));
        yield return ("with a shared one, gated", llama.WithExperts(Six with { SharedWidth = 20, SharedGate = true }));
        yield return ("not gated, with a shared one, gated", gpt2.WithExperts(Six with { SharedWidth = 20, SharedGate = true }));
        yield return ("bounded, with biases", Bounded(llama));
        yield return ("with a bias of the gate only", llama.WithFeedForward(part => part with { GateBias = true }).WithExperts(Six));
    }

    private static ModelSpec Bounded(ModelSpec llama) => llama.WithFeedForward(part => part with
    {
        Activation = Activation.GeluSigmoid, Clamp = 0.5, UpOffset = 1, GateBias = true, UpBias = true, DownBias = true,
    }).WithExperts(Six with { RouterBias = true });

    private static IEnumerable<(string, ModelSpec)> Sizes(ModelSpec gpt2, ModelSpec llama)
    {
        yield return ("all chosen", llama.WithExperts(new ExpertsSpec(3, 3)));
        yield return ("one", llama.WithExperts(new ExpertsSpec(1, 1)));
        yield return ("28 of width 7", SmallSpecs.Llama(context: 12, layers: 1).WithExperts(new ExpertsSpec(28, 5), width: 7));
        yield return ("width 33", SmallSpecs.Gpt2(context: gpt2.Decoder!.Context, width: 33, heads: 3).WithExperts(Six, width: 43));
        yield return ("width 100", SmallSpecs.Llama(context: llama.Decoder!.Context, width: 100, heads: 2).WithExperts(Six, width: 1));
    }

    private static IEnumerable<(string, ModelSpec)> Places(ModelSpec llama)
    {
        LayerSpec dense = llama.Decoder!.Layers[0], mixed = llama.WithExperts(Six).Decoder!.Layers[0];
        yield return ("after a dense layer", llama.WithLayers(dense, mixed));
        foreach (NormPlacement placement in new[] { NormPlacement.Post, NormPlacement.Output })
            yield return ($"{placement}", llama.WithLayers(mixed with { Placement = placement }, mixed with { Placement = placement, ResidualScale = 0.22 }));
        yield return ("residual scale, parallel", llama.WithLayers(
            mixed with { ResidualScale = 0.22 }, mixed with { ResidualScale = 0.22, Parts = PartsArrangement.ParallelSharedNorm }));
    }

    private static IEnumerable<(string, ModelSpec)> Layouts(ModelSpec llama)
    {
        ModelSpec shared = llama.WithExperts(Six with { SharedWidth = 20 });
        yield return ("stored one by one", shared with { Weights = CanonicalLayout.Value.WithTensorPerExpert() });
        yield return ("stored transposed", shared with { Weights = CanonicalLayout.Value.WithTransposedLayers() });
        yield return ("stored one by one with gate and up fused", shared with { Weights = CanonicalLayout.Value.WithTensorPerExpert().WithFusedExperts(biases: false) });
        yield return ("stored with gate and up fused and transposed", shared with
        {
            Weights = CanonicalLayout.Value.WithTransposedLayers().WithFusedExperts(biases: false).WithPrefixes("", "model."),
        });
        yield return ("stored with gate and up in turn and transposed, biases too", Bounded(llama) with
        {
            Weights = CanonicalLayout.Value.WithTransposedLayers().WithFusedExperts(biases: true).WithRowsInTurn(),
        });
    }

    private static ModelSpec WithExperts(this ModelSpec spec, ExpertsSpec experts, int width = 24) =>
        spec.WithFeedForward(part => part with { Width = width, Experts = experts });
}
