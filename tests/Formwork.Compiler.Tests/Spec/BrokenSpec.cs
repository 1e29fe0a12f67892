using Formwork.Compiler.Diagnostics;

namespace Formwork.Compiler.Tests.Spec;

/// <summary>A spec with one fault.</summary>
/// <param name="Name">What is wrong, in words.</param>
/// <param name="Marked">The text; <c>«</c> and <c>»</c> enclose what the finding has to underline, and are not part of it.</param>
/// <param name="Kind">The finding.</param>
/// <param name="Parts">What the message has to say.</param>
public sealed record BrokenSpec(string Name, string Marked, DiagnosticKind Kind, params string[] Parts)
{
    /// <summary>The text without its marks.</summary>
    public string Text => Marked.Replace("«", "").Replace("»", "");

    /// <summary>Line, column and length of the marked part; the start of the file when nothing is marked.</summary>
    public (int Line, int Column, int Length) Place
    {
        get
        {
            int start = Marked.IndexOf('«');
            if (start < 0)
                return (0, 0, 0);
            string before = Marked[..start];
            return (before.Count(character => character == '\n'), start - 1 - before.LastIndexOf('\n'), Marked.IndexOf('»') - start - 1);
        }
    }

    public override string ToString() => Name;
}
