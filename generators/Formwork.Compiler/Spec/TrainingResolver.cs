using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Keys;

namespace Formwork.Compiler.Spec;

/// <summary>Resolves <c>training:</c>.</summary>
internal static class TrainingResolver
{
    /// <summary>What the model needs for learning; null where the file does not ask for it.</summary>
    public static TrainingSpec? Resolve(Cascade file)
    {
        if (file.Find("training")?.Data is true)
            return new TrainingSpec();
        if (file.OptionalSection("training") is not { } training)
            return null;
        double? all = training.Find("dropout")?.Data as double?;
        double Rate(string part, double? otherwise) => (training.Find("dropout")?.Data as SectionValues)?.Find(part)?.Data as double? ?? otherwise ?? 0;
        return new TrainingSpec
        {
            EmbeddingDropout = Rate("embedding", all),
            ResidualDropout = Rate("residual", all),
            AttentionDropout = Rate("attention", null),
            ActivationDropout = Rate("activation", null),
            Recompute = training.Choice<Recompute>("recompute") ?? Recompute.None,
        };
    }

    /// <summary>Reports that there is nothing to learn from.</summary>
    public static void Check(Cascade file, ModelSpec spec, DiagnosticBag diagnostics)
    {
        if (spec is { Training: not null, Unembedding: null, Classifier: null } && file.Find("training") is { } training)
        {
            diagnostics.Report(
                DiagnosticCatalog.KeyWithoutMeaning, training.Span, training.Path, "without a head that a loss can be of",
                "write `unembedding: {}` for a language-model head, or `classifier: {labels: N}`");
        }
    }
}
