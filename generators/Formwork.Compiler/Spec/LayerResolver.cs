using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Makes a <see cref="LayerSpec"/> of the keys that hold for a group of layers.</summary>
/// <param name="layer">The keys.</param>
/// <param name="width">The model's width; null when it is not known.</param>
/// <param name="context">The stack's context; null when it is not known.</param>
/// <param name="crosses">Whether the layers attend to a source.</param>
/// <param name="diagnostics">Where errors go.</param>
internal sealed class LayerResolver(Cascade layer, int? width, int? context, bool crosses, DiagnosticBag diagnostics)
{
    private const double DefaultEpsilon = 1e-5;
    private static readonly string[] Sections = ["attention", "cross_attention", "feed_forward", "norm", "positions"];

    /// <summary>The places of the values that this layer got, by path within the layer.</summary>
    public IReadOnlyList<(string Path, SourceSpan Span)> Places { get; } = Sections
        .Select(part => (Name: part, Values: layer.Section(part)))
        .Where(part => part.Values.Span is not null)
        .SelectMany(part => part.Values.Places
            .Select(place => (SpecPath.Child(part.Name, place.Key), place.Span))
            .Prepend((part.Name, part.Values.Span!)))
        .ToArray();

    public LayerSpec Resolve()
    {
        Cascade norm = layer.Section("norm");
        NormSpec layerNorm = Norm(norm);
        NormPlacement placement = norm.Choice<NormPlacement>("placement") ?? NormPlacement.Pre;
        PartsArrangement parts = layer.Choice<PartsArrangement>("parts") ?? PartsArrangement.Sequential;
        if (parts != PartsArrangement.Sequential && (crosses || placement != NormPlacement.Pre))
        {
            SpecValue found = layer.Find("parts")!;
            string beside = crosses ? "where a layer attends to a source" : $"with `norm.placement` {SpecNames.Placements.Name(placement)}";
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, found.Span, found.Path, beside, "parts stand side by side only after one residual stream's norms; write `parts: sequential`");
        }
        return new LayerSpec(
            new AttentionResolver(layer.Section("attention"), width, norm, layerNorm, diagnostics).Resolve(layer.Section("positions"), context),
            FeedForward(layer.Section("feed_forward"), norm, layerNorm),
            layerNorm,
            placement)
        {
            CrossAttention = crosses ? CrossAttention(norm, layerNorm) : null,
            Parts = parts,
            ResidualScale = layer.Number("residual_scale") ?? 1,
        };
    }

    /// <summary>A norm.</summary>
    public static NormSpec Norm(Cascade norm)
    {
        norm.CheckConditions();
        NormKind kind = norm.Choice<NormKind>("kind") ?? NormKind.Layer;
        if (kind == NormKind.None)
            return NormSpec.Nothing;
        return new NormSpec(
            kind,
            norm.Number("epsilon") ?? DefaultEpsilon,
            kind == NormKind.Layer && (norm.Flag("bias") ?? true),
            norm.Flag("unit_offset") ?? false);
    }

    /// <summary>A part's own norm: what it says, before what the layer says. Null when that is the layer's.</summary>
    public static NormSpec? PartNorm(Cascade part, Cascade norm, NormSpec layerNorm)
    {
        if (part.OptionalSection("norm") is not { } own)
            return null;
        NormSpec resolved = Norm(own.Before(norm));
        return resolved == layerNorm ? null : resolved;
    }

    private AttentionSpec CrossAttention(Cascade norm, NormSpec layerNorm)
    {
        Cascade attention = layer.Section("cross_attention").Before(layer.Section("attention"));
        return new AttentionResolver(attention, width, norm, layerNorm, diagnostics).Resolve(positions: null, context) with { Window = null };
    }

    private FeedForwardSpec FeedForward(Cascade feedForward, Cascade norm, NormSpec layerNorm)
    {
        bool gated = feedForward.Flag("gated") ?? false;
        if (!gated)
        {
            RequireGate((feedForward.Find("bias")?.Data as SectionValues)?.Find("gate"), value => value is true);
            RequireGate(feedForward.Find("clamp"), value => value is double);
            RequireGate(feedForward.Find("up_offset"), value => value is not 0d);
        }
        return new FeedForwardSpec(
            feedForward.Integer("width") ?? 1,
            feedForward.Choice<Activation>("activation") ?? Activation.Relu,
            gated,
            gated && feedForward.FlagOf("bias", "gate"),
            feedForward.FlagOf("bias", "up"),
            feedForward.FlagOf("bias", "down"))
        {
            Clamp = gated ? feedForward.Number("clamp") : null,
            UpOffset = gated ? feedForward.Number("up_offset") ?? 0 : 0,
            Experts = feedForward.OptionalSection("experts") is { } experts ? Experts(experts) : null,
            Norm = PartNorm(feedForward, norm, layerNorm),
        };

        void RequireGate(SpecValue? value, Func<object?, bool> means)
        {
            if (value is not null && means(value.Data))
                diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, value.Span, value.Path, "with `gated` false", "there is no gate; remove it, or write `gated: true`");
        }
    }

    private ExpertsSpec Experts(Cascade experts)
    {
        int? count = experts.Integer("count"), chosen = experts.Integer("chosen");
        int groups = experts.Integer("groups") ?? 1;
        int chosenGroups = experts.Integer("chosen_groups") ?? groups;
        CheckAtMost(experts, "chosen", chosen, "count", count);
        CheckAtMost(experts, "chosen_groups", chosenGroups, "groups", groups);
        if (count % groups is > 0)
            diagnostics.Report(DiagnosticCatalog.GroupsNotDivisible, experts.Find("groups")!.Span, experts.Find("groups")!.Path, groups, count, NearestDivisors(count!.Value, groups));
        else if (chosen <= count)
            CheckAtMost(experts, "chosen", chosen, "chosen_groups", count / groups * chosenGroups);
        if (experts.Find("shared_gate") is { Data: true } gate && experts.Find("shared_width")?.Data is not int)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, gate.Span, gate.Path, "without `shared_width`", "there is no shared expert; remove it");
        return new ExpertsSpec(count ?? 1, chosen ?? 1)
        {
            Score = experts.Choice<RouterScore>("score") ?? RouterScore.Softmax,
            Renormalize = experts.Flag("renormalize") ?? true,
            Scale = experts.Number("scale") ?? 1,
            RouterBias = experts.Flag("router_bias") ?? false,
            SelectionBias = experts.Flag("selection_bias") ?? false,
            Groups = groups,
            ChosenGroups = chosenGroups,
            GroupScore = experts.Choice<GroupScore>("group_score") ?? GroupScore.Largest,
            SharedWidth = experts.Integer("shared_width"),
            SharedGate = experts.Flag("shared_gate") ?? false,
        };
    }

    /// <summary>Reports a number that is more than there are of what it chooses from.</summary>
    private void CheckAtMost(Cascade section, string key, int? number, string limitKey, int? limit)
    {
        if (number > limit && section.Find(key) is { } found)
            diagnostics.Report(DiagnosticCatalog.ChosenFromTooFew, found.Span, found.Path, number, limitKey, limit);
    }

    private static string NearestDivisors(int value, int wanted) => AttentionResolver.NearestDivisors(value, wanted);
}
