using System.Runtime.InteropServices;
using System.Text;
using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Tokenization;

/// <summary>
/// The words as symbols, and every pair of neighbours with how often and in which words it occurs, kept up to date merge by merge. The most
/// frequent pair comes from a heap whose entries may be out of date: one that promises too much is put back with its true count.
/// </summary>
internal sealed class BpeMerges
{
    private readonly int[] _symbols;
    private readonly Word[] _words;
    private readonly Dictionary<ulong, int> _pairOf = [];
    private readonly List<Pair> _pairs = [];
    private readonly List<int> _grown = [];
    private readonly PriorityQueue<int, Rank> _heap = new(RankOrder.Instance);
    private readonly List<string> _forms;
    private readonly Dictionary<string, int> _idOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forbidden;

    /// <param name="counts">The words and how often each occurs.</param>
    /// <param name="forbidden">What no merge may make: the special tokens' forms.</param>
    public BpeMerges(IReadOnlyDictionary<string, long> counts, IEnumerable<string> forbidden)
    {
        _forbidden = [.. forbidden];
        // A byte's id is the place of its character, as Hugging Face sorts its alphabet; ties of pairs are decided by ids.
        _forms = [.. Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.Character((byte)value).ToString()).Order(StringComparer.Ordinal)];
        for (int id = 0; id < _forms.Count; id++)
            _idOf[_forms[id]] = id;
        _symbols = new int[counts.Keys.Sum(Encoding.UTF8.GetByteCount)];
        _words = new Word[counts.Count];
        Fill(counts);
        for (int word = 0; word < _words.Length; word++)
            CountPairs(word);
        for (int pair = 0; pair < _pairs.Count; pair++)
            Push(pair);
        _grown.Clear();
    }

    /// <summary>Written forms by id, in the byte alphabet; the 256 bytes come first.</summary>
    public IReadOnlyList<string> Forms => _forms;

    /// <summary>Merges the pair that occurs most often, of several the one of the smallest ids; null where none occurs as often as asked for.</summary>
    public (int Left, int Right)? MergeBest(long minimum)
    {
        while (_heap.TryDequeue(out int index, out Rank rank))
        {
            ref Pair pair = ref At(index);
            if (rank.Count != pair.Promised)
                continue;
            pair.Queued = false;
            if (rank.Count != pair.Count)
            {
                Push(index);
                continue;
            }
            if (pair.Count < Math.Max(1, minimum))
                return null;
            (int left, int right) = ((int)(pair.Key >> 32), (int)(uint)pair.Key);
            string form = _forms[left] + _forms[right];
            if (_forbidden.Contains(form))
                continue;
            Merge(index, left, right, IdOf(form));
            return (left, right);
        }
        return null;
    }

    private void Fill(IReadOnlyDictionary<string, long> counts)
    {
        Span<int> idOfByte = stackalloc int[256];
        for (int value = 0; value < 256; value++)
            idOfByte[value] = _idOf[ByteLevelAlphabet.Character((byte)value).ToString()];
        int at = 0, word = 0;
        foreach ((string text, long count) in counts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            _words[word++] = new Word { Start = at, Length = bytes.Length, Count = count };
            foreach (byte value in bytes)
                _symbols[at++] = idOfByte[value];
        }
    }

    private void CountPairs(int word)
    {
        ReadOnlySpan<int> symbols = _symbols.AsSpan(_words[word].Start, _words[word].Length);
        for (int at = 1; at < symbols.Length; at++)
            Change(symbols[at - 1], symbols[at], _words[word].Count, word);
    }

    /// <summary>The id of a form: two ways of merging may come to the same text, and it stays one token.</summary>
    private int IdOf(string form)
    {
        if (_idOf.TryAdd(form, _forms.Count))
            _forms.Add(form);
        return _idOf[form];
    }

    private void Merge(int index, int left, int right, int merged)
    {
        List<int> words = At(index).Words;
        At(index).Words = [];
        foreach (int word in words)
            MergeIn(word, left, right, merged);
        // None is left; what was counted of pairs that overlap (aa in aaa) is gone too.
        At(index).Count = 0;
        foreach (int pair in _grown)
            Push(pair);
        _grown.Clear();
    }

    /// <summary>Merges from left to right, and changes the counts of the pairs on both sides.</summary>
    private void MergeIn(int index, int left, int right, int merged)
    {
        ref Word word = ref _words[index];
        Span<int> symbols = _symbols.AsSpan(word.Start, word.Length);
        int kept = 0;
        for (int at = 0; at < symbols.Length; at++)
        {
            int symbol = symbols[at];
            if (symbol == left && at + 1 < symbols.Length && symbols[at + 1] == right)
            {
                if (kept > 0)
                {
                    Change(symbols[kept - 1], left, -word.Count, index);
                    Change(symbols[kept - 1], merged, word.Count, index);
                }
                if (at + 2 < symbols.Length)
                {
                    Change(right, symbols[at + 2], -word.Count, index);
                    Change(merged, symbols[at + 2], word.Count, index);
                }
                symbol = merged;
                at++;
            }
            symbols[kept++] = symbol;
        }
        word.Length = kept;
    }

    private void Change(int left, int right, long count, int word)
    {
        ulong key = (ulong)(uint)left << 32 | (uint)right;
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairOf, key, out bool known);
        if (!known)
        {
            index = _pairs.Count;
            _pairs.Add(new Pair { Key = key, Words = [] });
        }
        ref Pair pair = ref At(index);
        pair.Count += count;
        if (count < 0)
            return;
        if (pair.Words.Count == 0 || pair.Words[^1] != word)
            pair.Words.Add(word);
        if (_grown.Count == 0 || _grown[^1] != index)
            _grown.Add(index);
    }

    private void Push(int index)
    {
        ref Pair pair = ref At(index);
        if (pair.Count == pair.Promised && pair.Queued)
            return;
        pair.Promised = pair.Count;
        pair.Queued = pair.Count > 0;
        if (pair.Queued)
            _heap.Enqueue(index, new Rank(pair.Count, pair.Key));
    }

    private ref Pair At(int index) => ref CollectionsMarshal.AsSpan(_pairs)[index];

    private struct Word
    {
        public int Start, Length;
        public long Count;
    }

    private struct Pair
    {
        public ulong Key;
        public long Count, Promised;
        public bool Queued;
        public List<int> Words;
    }

    private readonly record struct Rank(long Count, ulong Key);

    private sealed class RankOrder : IComparer<Rank>
    {
        public static RankOrder Instance { get; } = new();

        public int Compare(Rank left, Rank right) => left.Count != right.Count ? right.Count.CompareTo(left.Count) : left.Key.CompareTo(right.Key);
    }
}
