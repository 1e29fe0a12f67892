using Formwork.Runtime.Sampling;

namespace Formwork.Runtime.Tests.Sampling;

/// <summary>What sampling means, in float64 and plain: the probability of every token of the vocabulary, 0 for those filtered out.</summary>
internal static class DefinitionOfSampling
{
    public static double[] Probabilities(SamplingOptions options, float[] logits, int[] history, int promptLength)
    {
        var penalised = logits.Select((logit, token) => Penalised(options, logit, token, history, promptLength)).ToArray();
        var probabilities = Softmax(penalised.Select(logit => logit / options.Temperature).ToArray());
        if (options.TopK > 0)
            probabilities = Keep(probabilities, Sorted(probabilities).Take(options.TopK));
        if (options.TopP < 1)
            probabilities = Keep(probabilities, Nucleus(probabilities, options.TopP));
        var least = options.MinP * probabilities.Max();
        return Keep(probabilities, Sorted(probabilities).Where(token => probabilities[token] >= least));
    }

    private static double Penalised(SamplingOptions options, double logit, int token, int[] history, int promptLength)
    {
        if (history.Contains(token))
            logit = logit < 0 ? logit * options.RepetitionPenalty : logit / options.RepetitionPenalty;
        var count = history.Skip(promptLength).Count(seen => seen == token);
        return logit - count * (double)options.FrequencyPenalty - (count > 0 ? options.PresencePenalty : 0);
    }

    private static double[] Softmax(double[] logits)
    {
        var weights = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return weights.Select(weight => weight / weights.Sum()).ToArray();
    }

    private static IEnumerable<int> Sorted(double[] probabilities) =>
        Enumerable.Range(0, probabilities.Length).OrderByDescending(token => probabilities[token]).ThenBy(token => token);

    private static List<int> Nucleus(double[] probabilities, double topP)
    {
        var kept = new List<int>();
        var sum = 0.0;
        foreach (var token in Sorted(probabilities))
        {
            if (sum >= topP)
                break;
            kept.Add(token);
            sum += probabilities[token];
        }
        return kept;
    }

    private static double[] Keep(double[] probabilities, IEnumerable<int> tokens)
    {
        var kept = tokens.ToHashSet();
        var sum = kept.Sum(token => probabilities[token]);
        return probabilities.Select((probability, token) => kept.Contains(token) ? probability / sum : 0).ToArray();
    }
}
