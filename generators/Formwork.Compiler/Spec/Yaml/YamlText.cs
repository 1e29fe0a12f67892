using Formwork.Compiler.Diagnostics;

namespace Formwork.Compiler.Spec.Yaml;

/// <summary>What can be told of a text before it is parsed: that it is text, and not too much of it.</summary>
internal static class YamlText
{
    /// <summary>The longest file that is read, in characters. The longest spec of 4,096 different layers stays below it.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>Reports a text that is too long, was not UTF-8, or holds control characters. False when it must not be parsed.</summary>
    public static bool Check(string text, DiagnosticBag diagnostics)
    {
        if (text.Length > MaximumLength)
        {
            diagnostics.Report(DiagnosticCatalog.FileTooLong, SourceSpan.FileStart, text.Length, MaximumLength);
            return false;
        }
        for (int at = 0; at < text.Length; at++)
        {
            if (Wrong(text, at) is not { } kind)
                continue;
            diagnostics.Report(kind, SpanAt(text, at), (int)text[at]);
            return false;
        }
        return true;
    }

    private static DiagnosticKind? Wrong(string text, int at) => text[at] switch
    {
        '\t' or '\n' or '\r' or '\u0085' => null,
        < ' ' or >= '\u007F' and <= '\u009F' or '\uFFFE' or '\uFFFF' => DiagnosticCatalog.ControlCharacter,
        // Decoders put U+FFFD where bytes were not UTF-8; half a surrogate pair comes from a host that did not decode at all.
        '\uFFFD' => DiagnosticCatalog.NotUtf8,
        >= '\uD800' and <= '\uDFFF' when !IsPaired(text, at) => DiagnosticCatalog.NotUtf8,
        _ => null,
    };

    private static bool IsPaired(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);

    private static SourceSpan SpanAt(string text, int at)
    {
        int line = 0, lineStart = 0;
        for (int i = 0; i < at; i++)
        {
            if (text[i] != '\n')
                continue;
            line++;
            lineStart = i + 1;
        }
        return new SourceSpan(at, 1, line, at - lineStart, line, at - lineStart + 1);
    }
}
