using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>From texts to sequences of ids. Texts are read as they are written, so files may be larger than memory.</summary>
public static class TokenBuilder
{
    /// <summary>
    /// Appends a whole text file to the sequence that the sink is at, as one stream. The tokenizer gets it in pieces of about a million
    /// characters, cut at the ends of lines.
    /// </summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is no UTF-8, or the vocabulary cannot write it.</exception>
    public static void Stream(string path, TextEncoder encoder, ITokenSink sink)
    {
        foreach (var (text, line) in TextFile.Chunks(path))
            sink.Add(encoder.Encode(text, path, line));
    }

    /// <summary>Writes a sequence a text. Texts of white space alone are left out.</summary>
    /// <param name="records">The texts.</param>
    /// <param name="encoder">How they become ids.</param>
    /// <param name="longest">The most ids of a text; longer ones are left out.</param>
    /// <param name="sink">What takes the ids.</param>
    /// <param name="labels">What takes the labels of the texts that are written; null where there are none.</param>
    /// <exception cref="InvalidInputException">A file cannot be used, or the vocabulary cannot write a text.</exception>
    public static BuildCounts Sequences(IEnumerable<TextRecord> records, TextEncoder encoder, int longest, ITokenSink sink, ICollection<int>? labels = null)
    {
        var counts = default(BuildCounts);
        foreach (TextRecord record in records)
        {
            int[] ids = Encode(record, record.Text, encoder);
            if (ids.Length == 0 || ids.Length > longest)
            {
                counts += ids.Length == 0 ? new BuildCounts(0, 1, 0) : new BuildCounts(0, 0, 1);
                continue;
            }
            Write(sink, ids);
            labels?.Add(record.Label);
            counts += new BuildCounts(1, 0, 0);
        }
        return counts;
    }

    /// <summary>Writes pairs: sequence i of the targets goes with sequence i of the sources. Pairs of which one text is white space alone are left out.</summary>
    /// <param name="records">The pairs.</param>
    /// <param name="source">How sources become ids.</param>
    /// <param name="target">How targets become ids.</param>
    /// <param name="longestSource">The most ids of a source; pairs with longer ones are left out.</param>
    /// <param name="longestTarget">The most ids of a target.</param>
    /// <param name="sources">What takes the sources.</param>
    /// <param name="targets">What takes the targets.</param>
    /// <exception cref="InvalidInputException">A file cannot be used, or the vocabulary cannot write a text.</exception>
    public static BuildCounts Pairs(
        IEnumerable<TextRecord> records, TextEncoder source, TextEncoder target, int longestSource, int longestTarget, ITokenSink sources, ITokenSink targets)
    {
        var counts = default(BuildCounts);
        foreach (TextRecord record in records)
        {
            int[] from = Encode(record, record.Text, source);
            int[] to = Encode(record, record.Target ?? "", target);
            if (from.Length == 0 || to.Length == 0)
            {
                counts += new BuildCounts(0, 1, 0);
            }
            else if (from.Length > longestSource || to.Length > longestTarget)
            {
                counts += new BuildCounts(0, 0, 1);
            }
            else
            {
                Write(sources, from);
                Write(targets, to);
                counts += new BuildCounts(1, 0, 0);
            }
        }
        return counts;
    }

    // A text of white space is empty even where the tokenizer would put its special tokens around it.
    private static int[] Encode(TextRecord record, string text, TextEncoder encoder) =>
        string.IsNullOrWhiteSpace(text) ? [] : encoder.Encode(text, record.Path, record.Line);

    private static void Write(ITokenSink sink, int[] ids)
    {
        sink.Add(ids);
        sink.EndSequence();
    }
}
