namespace Formwork.Runtime.Tokenization;

/// <summary>
/// The most probable split of a text into pieces (Viterbi): the sum of log probabilities is greatest; among equals the last piece is the longest,
/// as SentencePiece and Hugging Face have it. A character that is no piece counts as unknown, ten worse than the worst piece.
/// Ours, because Microsoft.ML.Tokenizers gives one unknown token a character where SentencePiece gives one a run, and takes wrong ids for bytes
/// where byte pieces do not begin at id 3 (goldens <c>unigram</c> and <c>unigram-bytes</c>: 51 and 64 of 100).
/// </summary>
internal sealed class UnigramSegmenter
{
    private const double UnknownPenalty = 10;

    /// <summary>A trie: (node, UTF-16 unit) to node; node 0 is the root.</summary>
    private readonly Dictionary<long, int> _children = [];
    private readonly List<int> _ids = [-1];
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly bool _single;

    /// <summary>A part of the text: its place and length, and its piece; −1 for a run of unknown characters.</summary>
    public readonly record struct Segment(int Begin, int Length, int Id);

    private readonly record struct Step(double Score, int Begin, int Id);

    /// <param name="pieces">The pieces that a text may be split into, with their ids.</param>
    /// <param name="scores">Log probability of each id.</param>
    /// <param name="worst">The log probability of the worst piece.</param>
    /// <param name="single">Whether sums are rounded to 32 bits, as SentencePiece does, which can decide between equals.</param>
    public UnigramSegmenter(IEnumerable<(string Text, int Id)> pieces, double[] scores, double worst, bool single)
    {
        _scores = scores;
        _single = single;
        _unknownScore = single ? (float)(worst - UnknownPenalty) : worst - UnknownPenalty;
        foreach ((string text, int id) in pieces)
            Add(text, id);
    }

    private static long Edge(int node, char unit) => ((long)node << 16) | unit;

    private void Add(string piece, int id)
    {
        int node = 0;
        foreach (char unit in piece)
        {
            if (!_children.TryGetValue(Edge(node, unit), out int next))
            {
                next = _ids.Count;
                _children.Add(Edge(node, unit), next);
                _ids.Add(-1);
            }
            node = next;
        }
        if (node > 0)
            _ids[node] = id;
    }

    /// <summary>The parts of <paramref name="text"/> in order, in time proportional to its length.</summary>
    public List<Segment> Split(string text)
    {
        var best = new Step[text.Length + 1];
        Array.Fill(best, new Step(double.NegativeInfinity, -1, -1));
        best[0] = new Step(0, 0, -1);
        for (int begin = 0; begin < text.Length;)
        {
            int character = char.IsSurrogatePair(text, begin) ? 2 : 1;
            bool known = false;
            int node = 0;
            for (int end = begin; end < text.Length && _children.TryGetValue(Edge(node, text[end]), out node);)
            {
                end++;
                if (_ids[node] is not (>= 0 and var id))
                    continue;
                Reach(best, begin, end, _scores[id], id);
                known |= end - begin == character;
            }
            if (!known)
                Reach(best, begin, begin + character, _unknownScore, -1);
            begin += character;
        }
        return Backwards(best);
    }

    private void Reach(Step[] best, int begin, int end, double score, int id)
    {
        double sum = best[begin].Score + score;
        sum = _single ? (float)sum : sum;
        if (best[end].Begin < 0 || sum > best[end].Score)
            best[end] = new Step(sum, begin, id);
    }

    private static List<Segment> Backwards(Step[] best)
    {
        var segments = new List<Segment>();
        for (int end = best.Length - 1; end > 0; end = best[end].Begin)
        {
            (_, int begin, int id) = best[end];
            if (id < 0 && segments.Count > 0 && segments[^1].Id < 0)
                segments[^1] = new Segment(begin, segments[^1].Begin + segments[^1].Length - begin, -1);
            else
                segments.Add(new Segment(begin, end - begin, id));
        }
        segments.Reverse();
        return segments;
    }
}
