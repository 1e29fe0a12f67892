using System.Globalization;
using Formwork.Runtime;
using Formwork.Runtime.Models;

namespace Formwork.Cli.Commands;

/// <summary>Fills the masks of a text, or classifies it.</summary>
internal static class EncoderRun
{
    /// <summary>For each mask its likeliest fillings, a line each: probability and token; from a classifier the probability of each label.</summary>
    /// <exception cref="InvalidInputException">The model can do neither.</exception>
    public static void Run(EncoderModel model, RunRequest request)
    {
        ModelDescription description = model.Description;
        if (description.HasMaskedLanguageModel)
            WriteFillings(model.FillMask(request.Text, Math.Min(request.Top, description.Vocabulary)), request);
        else if (description.Labels > 0)
        {
            float[] labels = model.Classify(request.Text);
            for (int label = 0; label < labels.Length; label++)
                request.Terminal.Write($"{Probability(labels[label])}\tlabel {label}\n");
        }
        else
        {
            throw new InvalidInputException(description.Name, null, "an encoder without a head", "one that fills masks (unembedding:) or classifies (classifier:)",
                "Use 'formwork embed', which turns texts into vectors.");
        }
    }

    private static void WriteFillings(IReadOnlyList<MaskedToken> masks, RunRequest request)
    {
        foreach (MaskedToken mask in masks)
        {
            foreach (TokenCandidate candidate in mask.Candidates)
                request.Terminal.Write($"{Probability(candidate.Probability)}\t{candidate.Text}\n");
            if (mask != masks[^1])
                request.Terminal.Write("\n");
        }
    }

    private static string Probability(float probability) => probability.ToString("F4", CultureInfo.InvariantCulture);
}
