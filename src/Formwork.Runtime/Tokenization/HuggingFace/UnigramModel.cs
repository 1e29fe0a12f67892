namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>The most probable split of a word, as <see cref="UnigramSegmenter"/> finds it; a run of unknown characters is its bytes, or one unknown token.</summary>
internal sealed class UnigramModel : WordModel
{
    private readonly UnigramSegmenter _segmenter;
    private readonly int? _unknown;
    private readonly bool _byteFallback;

    /// <param name="vocabulary">The pieces.</param>
    /// <param name="scores">Log probability of each id.</param>
    /// <param name="unknown">The id for what they cannot write; null where that is an error.</param>
    /// <param name="byteFallback">Whether the bytes of unknown characters are taken when the vocabulary has them all.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int? unknown, bool byteFallback) : base(vocabulary)
    {
        (_unknown, _byteFallback) = (unknown, byteFallback);
        IEnumerable<(string, int)> pieces = vocabulary.Ids.Where(entry => entry.Value != unknown && vocabulary.TryFindText(entry.Key, out _)).Select(entry => (entry.Key, entry.Value));
        _segmenter = new UnigramSegmenter(pieces, scores, scores.Min(), single: false);
    }

    public override void Encode(string word, List<int> tokens)
    {
        foreach ((int begin, int length, int id) in _segmenter.Split(word))
        {
            string part = id >= 0 ? "" : word.Substring(begin, length);
            if (id >= 0)
                tokens.Add(id);
            else if (!(_byteFallback && TryAddBytes(part, tokens)))
                tokens.Add(_unknown ?? throw CannotWrite(part));
        }
    }
}
