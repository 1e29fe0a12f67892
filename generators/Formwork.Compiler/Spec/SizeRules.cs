using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Refuses models that no machine holds, and whose offsets might leave a 64-bit integer: each number of them can be in range while the product is not.</summary>
internal static class SizeRules
{
    /// <summary>Checks a resolved spec, whose numbers are within <see cref="SpecLimits"/>.</summary>
    public static void Check(ModelSpec spec, SourceMap source, DiagnosticBag diagnostics)
    {
        int tables = (spec.Unembedding is { Tied: false } ? 2 : 1) + (spec is { Encoder: not null, Decoder: not null, Embedding.Shared: false } ? 1 : 0);
        long tokens = (long)Math.Max(spec.Vocabulary, spec.SourceVocabulary ?? 0) * spec.Width * tables;
        long parameters = tokens + Parameters(spec.Encoder, spec.Width) + Parameters(spec.Decoder, spec.Width);
        if (parameters > SpecLimits.Elements)
        {
            string largest = tokens > parameters / 2 ? "vocabulary" : "layers";
            Report(FormattableString.Invariant($"the model has {parameters:N0} parameters"), largest, "check `vocabulary`, `width`, `layers` and `feed_forward.width`");
        }
        foreach (StackSpec stack in new[] { spec.Encoder, spec.Decoder }.OfType<StackSpec>())
        {
            long cached = stack.Layers.Sum(layer => 2L * layer.Attention.KeyValueHeads * layer.Attention.HeadWidth);
            if (cached > SpecLimits.Elements / stack.Context)
                Report(FormattableString.Invariant($"the keys and values of {stack.Context:N0} tokens, {cached:N0} numbers each, are too many"), "context", "check `context`");
            long chosen = stack.Layers.Max(layer => (long)(layer.FeedForward.Experts?.Chosen ?? 0) * Math.Max(spec.Width, layer.FeedForward.Width));
            if (chosen > SpecLimits.ChosenWidth)
                Report(FormattableString.Invariant($"a token is {chosen:N0} numbers at its experts"), "feed_forward.experts.chosen", "choose fewer or narrower experts", SpecLimits.ChosenWidth);
        }

        void Report(string what, string path, string remedy, long limit = SpecLimits.Elements) =>
            diagnostics.Report(DiagnosticCatalog.TooLarge, source.Find(path) ?? SourceSpan.FileStart, what, limit, remedy);
    }

    // Matrices only: vectors do not change which side of the limit a model is on.
    private static long Parameters(StackSpec? stack, long width)
    {
        if (stack is null)
            return 0;
        long positions = stack.Positions.Kind == PositionKind.Learned ? stack.Context * width : 0;
        return positions + stack.Layers.Sum(layer => Attention(layer.Attention) + (layer.CrossAttention is { } cross ? Attention(cross) : 0) + FeedForward(layer.FeedForward));

        long Attention(AttentionSpec attention) => 2 * width * attention.HeadWidth * (attention.Heads + attention.KeyValueHeads);

        long FeedForward(FeedForwardSpec feedForward) =>
            width * feedForward.Width * (feedForward.Gated ? 3 : 2) * (feedForward.Experts?.Count ?? 1) + width * 3L * (feedForward.Experts?.SharedWidth ?? 0);
    }
}
