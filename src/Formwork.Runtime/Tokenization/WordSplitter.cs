namespace Formwork.Runtime.Tokenization;

/// <summary>Cuts a text into words, the pieces that no token crosses. May change them (a space put in front, white space made visible).</summary>
internal abstract class WordSplitter
{
    /// <summary>The words of <paramref name="text"/> in order; <paramref name="first"/> when it begins the whole text.</summary>
    public abstract IEnumerable<string> Split(string text, bool first);
}
