using System.IO;
using Formwork.Compiler.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Formwork.Compiler.Spec.Yaml;

/// <summary>
/// Reads the part of YAML that a spec is written in (mappings, lists and values, without anchors, tags and further documents) into
/// nodes that know their places. The only class that knows YamlDotNet, and only its events, so that its version hardly matters.
/// </summary>
internal sealed class YamlReader
{
    private const int MaximumDepth = 16;

    private readonly DiagnosticBag _diagnostics;
    private readonly Parser _events;

    private YamlReader(string text, DiagnosticBag diagnostics)
    {
        _diagnostics = diagnostics;
        _events = new Parser(new StringReader(text));
    }

    /// <summary>Reads a file's one document. Null when it cannot be read to its end; the reason has been reported.</summary>
    public static YamlNode? Read(string text, DiagnosticBag diagnostics)
    {
        text = text.TrimStart('\uFEFF');
        if (!YamlText.Check(text, diagnostics))
            return null;
        try
        {
            return new YamlReader(text, diagnostics).ReadDocument();
        }
        catch (TooDeepException)
        {
            return null;
        }
        catch (YamlException error)
        {
            diagnostics.Report(DiagnosticCatalog.InvalidYaml, Span(error.Start, error.End), Sentence(error.Message));
            return null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            // YamlDotNet lets some of its own slips out, for example for the escape "\U99999999".
            diagnostics.Report(DiagnosticCatalog.InvalidYaml, SourceSpan.FileStart, Sentence(error.Message));
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        Next<StreamStart>();
        if (Peek() is StreamEnd)
        {
            _diagnostics.Report(DiagnosticCatalog.EmptyFile, SourceSpan.FileStart);
            return null;
        }
        Next<DocumentStart>();
        YamlNode root = ReadNode("", 0);
        Next<DocumentEnd>();
        if (Peek() is DocumentStart second)
            _diagnostics.Report(DiagnosticCatalog.SeveralDocuments, Span(second.Start, second.End));
        if (root is not YamlScalar { IsNull: true })
            return root;
        _diagnostics.Report(DiagnosticCatalog.EmptyFile, SourceSpan.FileStart);
        return null;
    }

    private YamlNode ReadNode(string path, int depth)
    {
        ParsingEvent current = Peek();
        SourceSpan span = Span(current.Start, current.End);
        if (depth > MaximumDepth)
        {
            _diagnostics.Report(DiagnosticCatalog.NestedTooDeep, span, MaximumDepth);
            throw new TooDeepException();
        }
        if (current is NodeEvent node)
            RejectAnchorAndTag(node, span, path);
        switch (current)
        {
            case Scalar scalar:
                _events.MoveNext();
                return new YamlScalar(scalar.Value, scalar.Style != ScalarStyle.Plain, span);
            case SequenceStart:
                return ReadSequence(path, depth);
            case MappingStart:
                return ReadMapping(path, depth);
            default:
                var alias = Next<AnchorAlias>();
                _diagnostics.Report(DiagnosticCatalog.AnchorOrAlias, span, "*" + alias.Value);
                return new YamlUnreadable(span);
        }
    }

    private YamlSequence ReadSequence(string path, int depth)
    {
        Mark start = Next<SequenceStart>().Start;
        var items = new List<YamlNode>();
        while (Peek() is not SequenceEnd)
            items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
        return new YamlSequence(items, Span(start, Next<SequenceEnd>().End));
    }

    private YamlMapping ReadMapping(string path, int depth)
    {
        Mark start = Next<MappingStart>().Start;
        var entries = new Dictionary<string, YamlEntry>();
        var order = new List<YamlEntry>();
        while (Peek() is not MappingEnd)
        {
            YamlNode key = ReadNode(path, depth + 1);
            string? name = (key as YamlScalar)?.Text;
            YamlNode value = ReadNode(SpecPath.Child(path, name ?? "?"), depth + 1);
            if (name is null)
            {
                if (key is not YamlUnreadable)
                    _diagnostics.Report(DiagnosticCatalog.KeyNotText, key.Span);
            }
            else if (entries.TryGetValue(name, out YamlEntry? first))
                _diagnostics.Report(DiagnosticCatalog.DuplicateKey, key.Span, SpecPath.Child(path, name), first.KeySpan.Line + 1);
            else
                order.Add(entries[name] = new YamlEntry(name, key.Span, value));
        }
        return new YamlMapping(order, Span(start, Next<MappingEnd>().End));
    }

    private void RejectAnchorAndTag(NodeEvent node, SourceSpan span, string path)
    {
        if (!node.Anchor.IsEmpty)
            _diagnostics.Report(DiagnosticCatalog.AnchorOrAlias, span, "&" + node.Anchor.Value);
        if (!node.Tag.IsEmpty)
            _diagnostics.Report(DiagnosticCatalog.Tag, span, node.Tag.Value, SpecPath.Show(path));
    }

    private ParsingEvent Peek()
    {
        if (_events.Current is null)
            _events.MoveNext();
        return _events.Current ?? throw new YamlException("the text ends too early");
    }

    private T Next<T>()
        where T : ParsingEvent
    {
        if (Peek() is not T expected)
            throw new YamlException(_events.Current!.Start, _events.Current.End, $"found {_events.Current.GetType().Name}, expected {typeof(T).Name}");
        _events.MoveNext();
        return expected;
    }

    // YamlDotNet counts lines and columns from 1, and characters from 0.
    private static SourceSpan Span(Mark start, Mark end) => new(
        (int)start.Index, (int)Math.Max(0, end.Index - start.Index),
        (int)start.Line - 1, (int)start.Column - 1,
        (int)end.Line - 1, (int)end.Column - 1);

    private static string Sentence(string message) => message.Replace('\r', ' ').Replace('\n', ' ').Trim().TrimEnd('.');

    private sealed class TooDeepException : Exception;
}
