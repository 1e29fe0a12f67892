using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Formwork.Runtime;
using Formwork.Runtime.Tokenization.HuggingFace;
using Formwork.Training.Data;

namespace Formwork.Training.Tokenization;

/// <summary>
/// How often each word of some texts occurs: what a BPE vocabulary is made of. Words are GPT-2's: letters, numbers or other symbols with a space
/// before, contractions, white space. Texts of several languages are added to one count for a joint vocabulary. Counting uses all processors.
/// </summary>
public sealed class WordCounts
{
    private const int CharactersTogether = 1 << 16;
    private static readonly TextNormalizer Lower = new TextNormalizer.Lowercase();

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether words count in lower case; the tokenizer then lower-cases what it reads.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether a text that begins with no space is given one, so that its first word is the word it is elsewhere; the tokenizer then does so too.</summary>
    public bool SpaceInFront { get; init; }

    /// <summary>Stops the counting.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The words and how often each occurs.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Adds the words of one text.</summary>
    public void AddText(string text) => AddTexts([text]);

    /// <summary>Adds the words of a file (UTF-8, plain or .gz), line ends being white space like any other.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or is no UTF-8.</exception>
    public void AddTextFile(string path) => AddBatches(TextFile.Chunks(path).Select((chunk, index) => new[] { index == 0 ? Spaced(chunk.Text) : chunk.Text }));

    /// <summary>Adds the words of a file's lines, each a text of its own without its end.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or is no UTF-8.</exception>
    public void AddLines(string path) => AddTexts(TextFile.Lines(path));

    /// <summary>Adds the words of a file of JSON lines; of pairs, source and target are texts of their own.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or a line lacks a field.</exception>
    public void AddJsonLines(string path, JsonFields? fields = null) =>
        AddTexts(TextRecords.JsonLines(path, fields).SelectMany(record => record.Target is { } target ? new[] { record.Text, target } : [record.Text]));

    /// <summary>Adds the words of many texts.</summary>
    public void AddTexts(IEnumerable<string> texts) => AddBatches(Batches(texts.Select(Spaced)));

    private string Spaced(string text) => SpaceInFront && text.Length > 0 && text[0] != ' ' ? " " + text : text;

    private void AddBatches(IEnumerable<IReadOnlyList<string>> batches)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Cancellation };
        try
        {
            Parallel.ForEach(Partitioner.Create(batches, EnumerablePartitionerOptions.NoBuffering), options, () => new Dictionary<string, long>(StringComparer.Ordinal), (batch, _, counts) =>
            {
                foreach (string text in batch)
                    Count(Lowercase ? Lower.Normalize(text) : text, counts);
                return counts;
            }, Add);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private void Add(Dictionary<string, long> some)
    {
        lock (_counts)
        {
            foreach ((string word, long count) in some)
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _) += count;
        }
    }

    private static void Count(ReadOnlySpan<char> text, Dictionary<string, long> counts)
    {
        var words = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        while (!text.IsEmpty)
        {
            int length = Gpt2Words.Length(text);
            CollectionsMarshal.GetValueRefOrAddDefault(words, text[..length], out _)++;
            text = text[length..];
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Batches(IEnumerable<string> texts)
    {
        var batch = new List<string>();
        int characters = 0;
        foreach (string text in texts)
        {
            batch.Add(text);
            characters += text.Length;
            if (characters < CharactersTogether)
                continue;
            yield return batch;
            (batch, characters) = ([], 0);
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
