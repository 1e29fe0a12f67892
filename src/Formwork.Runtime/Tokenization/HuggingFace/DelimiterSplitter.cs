namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Cuts a text at delimiters, of which one of five things becomes.</summary>
internal abstract class DelimiterSplitter(SplitBehavior behavior) : WordSplitter
{
    public sealed override IEnumerable<string> Split(string text, bool first)
    {
        int begin = 0;
        bool afterDelimiter = false;
        // A word is given when the next span shows that it has ended.
        foreach ((int offset, _, bool isDelimiter) in Spans(text))
        {
            bool cut = offset > begin && behavior switch
            {
                SplitBehavior.MergedWithPrevious => afterDelimiter || !isDelimiter,
                SplitBehavior.MergedWithNext => isDelimiter,
                SplitBehavior.Contiguous => afterDelimiter != isDelimiter,
                _ => true,
            };
            if (cut)
            {
                if (!(behavior == SplitBehavior.Removed && afterDelimiter))
                    yield return text[begin..offset];
                begin = offset;
            }
            afterDelimiter = isDelimiter;
        }
        if (begin < text.Length && !(behavior == SplitBehavior.Removed && afterDelimiter))
            yield return text[begin..];
    }

    /// <summary>Every part of the text in order, none empty: delimiters and what lies between them.</summary>
    protected abstract IEnumerable<(int Offset, int Length, bool IsDelimiter)> Spans(string text);
}
