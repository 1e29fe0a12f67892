using System.Text;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Tests.Tokenization;

/// <summary>The definition of BPE training, word for word: count all pairs, merge the best everywhere, repeat.</summary>
internal static class NaiveBpe
{
    public static List<(string Left, string Right)> Train(IReadOnlyDictionary<string, long> words, int merges, long minimum)
    {
        List<string> forms = [.. Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.Character((byte)value).ToString()).Order(StringComparer.Ordinal)];
        var texts = words.Select(word => (Symbols: Encoding.UTF8.GetBytes(word.Key).Select(value => forms.IndexOf(ByteLevelAlphabet.Character(value).ToString())).ToList(), word.Value)).ToList();
        var done = new List<(string, string)>();
        while (forms.Count < 256 + merges)
        {
            var counts = new Dictionary<(int Left, int Right), long>();
            foreach ((List<int> symbols, long count) in texts)
            {
                for (int at = 1; at < symbols.Count; at++)
                    counts[(symbols[at - 1], symbols[at])] = counts.GetValueOrDefault((symbols[at - 1], symbols[at])) + count;
            }
            if (counts.Count == 0)
                break;
            ((int Left, int Right) best, long most) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Left).ThenBy(pair => pair.Key.Right).First();
            if (most < minimum)
                break;
            string form = forms[best.Left] + forms[best.Right];
            if (!forms.Contains(form))
                forms.Add(form);
            foreach ((List<int> symbols, _) in texts)
            {
                for (int at = 0; at + 1 < symbols.Count; at++)
                {
                    if (symbols[at] != best.Left || symbols[at + 1] != best.Right)
                        continue;
                    symbols[at] = forms.IndexOf(form);
                    symbols.RemoveAt(at + 1);
                }
            }
            done.Add((forms[best.Left], forms[best.Right]));
        }
        return done;
    }
}
