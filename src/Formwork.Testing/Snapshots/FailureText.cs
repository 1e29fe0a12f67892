using System.Text;

namespace Formwork.Testing.Snapshots;

/// <summary>Collects what a comparison found and words it.</summary>
internal sealed class FailureText(string directory)
{
    private readonly List<(string Received, string Verified, string Text)> _new = [];
    private readonly List<(string Received, string Verified, string Text, string Expected)> _notEqual = [];
    private readonly List<(string Received, string Verified)> _equal = [];
    private readonly List<string> _delete = [];

    public void New(string received, string verified, string text) => _new.Add((received, verified, text));

    public void NotEqual(string received, string verified, string text, string expected) => _notEqual.Add((received, verified, text, expected));

    public void Equal(string received, string verified) => _equal.Add((received, verified));

    public void Delete(string verified) => _delete.Add(verified);

    /// <exception cref="VerifyException">Something is new, different or surplus.</exception>
    public void ThrowIfAny()
    {
        if (_new.Count + _notEqual.Count + _delete.Count > 0)
            throw new VerifyException(ToString());
    }

    public override string ToString()
    {
        var text = new StringBuilder($"Directory: {directory}\n");
        Section(text, "New", _new.Select(pair => Pair(pair.Received, pair.Verified)));
        Section(text, "NotEqual", _notEqual.Select(pair => Pair(pair.Received, pair.Verified)));
        Section(text, "Delete", _delete.Select(file => $"  - {file}\n"));
        Section(text, "Equal", _equal.Select(pair => Pair(pair.Received, pair.Verified)));
        if (_new.Count + _notEqual.Count > 0)
            text.Append("\nFileContent:\n");
        Section(text, "\nNew", _new.Select(pair => $"\nReceived: {pair.Received}\n{pair.Text}\n"));
        Section(text, "\nNotEqual", _notEqual.Select(pair => $"\nReceived: {pair.Received}\n{pair.Text}\nVerified: {pair.Verified}\n{pair.Expected}\n"));
        return text.ToString();
    }

    private static string Pair(string received, string verified) => $"  - Received: {received}\n    Verified: {verified}\n";

    private static void Section(StringBuilder text, string title, IEnumerable<string> entries)
    {
        string all = string.Concat(entries);
        if (all.Length > 0)
            text.Append($"{title}:\n{all}");
    }
}
