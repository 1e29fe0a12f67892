using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Tests.Generation;

/// <summary>Beam search as it is described, with no caches and no batches, and the search through everything.</summary>
internal sealed record SlowBeamSearch(Func<int[], float[]> Logits, int End, int MostTokens, float Penalty)
{
    public IReadOnlyList<int> Suppressed { get; init; } = [];

    public bool StopAtFirst { get; init; }

    /// <summary>All texts there are, best first.</summary>
    public List<Hypothesis> Everything()
    {
        var texts = new List<Hypothesis>();
        void Grow(int[] tokens, double logProbability)
        {
            double[] next = LogProbabilities(tokens);
            for (int token = 0; token < next.Length; token++)
            {
                if (Suppressed.Contains(token))
                    continue;
                double sum = logProbability + next[token];
                if (token == End)
                    texts.Add(Text(tokens, sum, tokens.Length + 1, FinishReason.EndToken));
                else if (tokens.Length + 1 == MostTokens)
                    texts.Add(Text([.. tokens, token], sum, MostTokens, FinishReason.Length));
                else
                    Grow([.. tokens, token], sum);
            }
        }
        Grow([], 0);
        return [.. texts.OrderByDescending(text => text.Score)];
    }

    /// <summary>What so many beams find, best first, at most as many.</summary>
    public List<Hypothesis> Beams(int beams)
    {
        var finished = new List<Hypothesis>();
        List<(int[] Tokens, double Sum)> living = [([], 0)];
        for (int length = 1; ; length++)
        {
            var candidates = new List<(int[] Tokens, int Token, double Sum)>();
            foreach (var (tokens, sum) in living)
                candidates.AddRange(LogProbabilities(tokens).Select((log, token) => (tokens, token, sum + log)).Where(it => !Suppressed.Contains(it.token)));
            candidates = [.. candidates.OrderByDescending(candidate => candidate.Sum)];
            finished.AddRange(candidates.Take(beams).Where(it => it.Token == End).Select(it => Text(it.Tokens, it.Sum, length, FinishReason.EndToken)));
            living = [.. candidates.Where(it => it.Token != End).Take(beams).Select(it => ((int[])[.. it.Tokens, it.Token], it.Sum))];
            if (length == MostTokens)
                finished.AddRange(living.Select(beam => Text(beam.Tokens, beam.Sum, length, FinishReason.Length)));
            finished = [.. finished.OrderByDescending(text => text.Score).Take(beams)];
            bool enough = finished.Count == beams && (StopAtFirst || living.All(beam => beam.Sum / Divisor(MostTokens) <= finished[^1].Score));
            if (length == MostTokens || living.Count == 0 || enough)
                return finished;
        }
    }

    private double Divisor(int length) => Math.Pow(5.0 + length, Penalty) / Math.Pow(5.0 + 1, Penalty);

    private Hypothesis Text(int[] tokens, double sum, int length, FinishReason reason) => new(tokens, sum, sum / Divisor(length), reason);

    private double[] LogProbabilities(int[] tokens)
    {
        float[] logits = Logits(tokens);
        double total = logits.Sum(logit => Math.Exp(logit));
        return [.. logits.Select(logit => logit - Math.Log(total))];
    }
}
