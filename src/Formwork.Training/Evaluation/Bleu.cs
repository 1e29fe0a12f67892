using System.Globalization;
using System.Runtime.InteropServices;
using Formwork.Runtime;

namespace Formwork.Training.Evaluation;

/// <summary>
/// BLEU exactly as sacreBLEU 2 computes it by default: its own 13a tokens of untokenised text, n-grams up to 4, and a precision of zero smoothed
/// as mteval does (Post 2018, "A Call for Clarity in Reporting BLEU Scores"; Chen and Cherry 2014, method 3).
/// </summary>
public sealed class Bleu
{
    private const int Orders = 4;

    private readonly bool _lowercase;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly long[] _matches = new long[Orders], _totals = new long[Orders];
    private long _length, _referenceLength;
    private int? _references;

    private Bleu(bool lowercase) => _lowercase = lowercase;

    /// <summary>BLEU of translations with one reference each.</summary>
    /// <param name="translations">The sentences, not tokenised.</param>
    /// <param name="references">What each should have been, not tokenised.</param>
    /// <param name="lowercase">Whether case is disregarded (<c>-lc</c>).</param>
    /// <exception cref="InvalidInputException">There are not as many of both, or a reference is empty.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> translations, IReadOnlyList<string> references, bool lowercase = false) =>
        Corpus(translations, [references], lowercase);

    /// <summary>BLEU of translations with several references.</summary>
    /// <param name="translations">The sentences, not tokenised.</param>
    /// <param name="references">Sets of references, each with one a sentence; an empty text is none.</param>
    /// <param name="lowercase">Whether case is disregarded (<c>-lc</c>).</param>
    /// <exception cref="InvalidInputException">There are not as many of each, or a sentence has no reference.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> translations, IReadOnlyList<IReadOnlyList<string>> references, bool lowercase = false)
    {
        if (references.Count == 0)
            throw new InvalidInputException("references", null, "none", "one set or more", "Give what the translations should have been.");
        if (references.FirstOrDefault(set => set.Count != translations.Count) is { } other)
            throw new InvalidInputException("references", null, $"{other.Count} sentences", $"{translations.Count}, as many as translations", "Take references that belong to the translations.");
        var bleu = new Bleu(lowercase);
        for (int sentence = 0; sentence < translations.Count; sentence++)
            bleu.Add(translations[sentence], [.. references.Select(set => set[sentence]).Where(text => text.Length > 0)], sentence);
        return bleu.Score();
    }

    private void Add(string translation, string[] references, int sentence)
    {
        if (references.Length == 0)
            throw new InvalidInputException("references", string.Create(CultureInfo.InvariantCulture, $"sentence {sentence + 1}"), "no text", "one reference or more", "Leave the sentence out.");
        _references = _references is null || _references == references.Length ? references.Length : 0;
        int[] tokens = Tokens(translation);
        int[][] wanted = Array.ConvertAll(references, Tokens);
        _length += tokens.Length;
        // Of references equally near in length, the shorter.
        _referenceLength += wanted.Select(reference => reference.Length).OrderBy(length => Math.Abs(length - tokens.Length)).ThenBy(length => length).First();
        Dictionary<Gram, int> most = Count(wanted[0]);
        foreach (int[] reference in wanted.Skip(1))
        {
            foreach ((Gram gram, int count) in Count(reference))
                most[gram] = Math.Max(most.GetValueOrDefault(gram), count);
        }
        foreach ((Gram gram, int count) in Count(tokens))
        {
            _totals[gram.Order - 1] += count;
            _matches[gram.Order - 1] += Math.Min(count, most.GetValueOrDefault(gram));
        }
    }

    private int[] Tokens(string text)
    {
        string[] tokens = Tokenizer13a.Split(PythonText.TrimEnd(_lowercase ? PythonText.Lower(text) : text));
        return Array.ConvertAll(tokens, token =>
        {
            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, token, out bool known);
            return known ? id : id = _ids.Count;
        });
    }

    private static Dictionary<Gram, int> Count(int[] tokens)
    {
        var counts = new Dictionary<Gram, int>();
        for (int at = 0; at < tokens.Length; at++)
        {
            var gram = default(Gram);
            for (int order = 1; order <= Math.Min(Orders, tokens.Length - at); order++)
            {
                gram = gram.Then(tokens[at + order - 1]);
                CollectionsMarshal.GetValueRefOrAddDefault(counts, gram, out _)++;
            }
        }
        return counts;
    }

    private BleuScore Score()
    {
        double penalty = _length >= _referenceLength ? 1 : _length > 0 ? Math.Exp(1 - (double)_referenceLength / _length) : 0;
        var precisions = new double[Orders];
        // Without any match nothing is smoothed.
        bool any = _matches.Any(count => count > 0);
        double smoothing = 1;
        for (int order = 0; any && order < Orders && _totals[order] > 0; order++)
        {
            if (_matches[order] == 0)
                smoothing *= 2;
            precisions[order] = _matches[order] == 0 ? 100 / (smoothing * _totals[order]) : 100.0 * _matches[order] / _totals[order];
        }
        // A precision of zero (no n-gram so long) makes the mean zero.
        double score = precisions.Contains(0) ? 0 : penalty * Math.Exp(precisions.Sum(Math.Log) / Orders);
        return new BleuScore
        {
            Score = score,
            Matches = _matches,
            Totals = _totals,
            Precisions = precisions,
            BrevityPenalty = penalty,
            Length = _length,
            ReferenceLength = _referenceLength,
            References = _references ?? 1,
            Lowercase = _lowercase,
        };
    }

    /// <summary>One to four tokens; ids count from 1, so that 0 is none.</summary>
    private readonly record struct Gram(int First, int Second, int Third, int Fourth)
    {
        public int Order => Fourth > 0 ? 4 : Third > 0 ? 3 : Second > 0 ? 2 : 1;

        public Gram Then(int token) => this switch
        {
            { First: 0 } => new(token, 0, 0, 0),
            { Second: 0 } => this with { Second = token },
            { Third: 0 } => this with { Third = token },
            _ => this with { Fourth = token },
        };
    }
}
