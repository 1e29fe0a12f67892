using System.Globalization;
using Formwork.Runtime;
using Formwork.Runtime.Models;

namespace Formwork.Cli.Commands;

/// <summary>Fills the masks of a text, or classifies it.</summary>
internal static class EncoderRun
{
    /// <summary>For each mask its likeliest fillings, a line each: probability and token; from a classifier the probability of each label.</summary>
    /// <exception cref="InvalidInputException">The model can do neither.</exception>
    public static void Run(EncoderModel model, string text, RunRequest request)
    {
        if (FillsMasks(model.Description))
        {
            WriteFillings(model.FillMask(text, Math.Min(request.Top, model.Description.Vocabulary)), request);
            return;
        }
        float[] labels = model.Classify(text);
        for (int label = 0; label < labels.Length; label++)
            request.Terminal.Write($"{Probability(labels[label])}\tlabel {label}\n");
    }

    /// <summary>Several texts in as few passes as they need: each with its masks filled by the likeliest tokens, or its labels' probabilities, apart by tabs.</summary>
    /// <exception cref="InvalidInputException">The model can do neither.</exception>
    public static LinesRun Lines(EncoderModel model, RunRequest request) => FillsMasks(model.Description)
        ? new LinesRun(request, lines => model.FillText([.. lines.Select(line => line.Text)]))
        : new LinesRun(request, lines => [.. model.Classify([.. lines.Select(line => line.Text)]).Select(labels => string.Join('\t', labels.Select(Probability)))]);

    private static bool FillsMasks(ModelDescription description)
    {
        if (description.HasMaskedLanguageModel || description.Labels > 0)
            return description.HasMaskedLanguageModel;
        throw new InvalidInputException(description.Name, null, "an encoder without a head", "one that fills masks (unembedding:) or classifies (classifier:)",
            "Use 'formwork embed', which turns texts into vectors.");
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
