using System.Text;
using Formwork.Cli.Output;
using Formwork.Runtime;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;
using Formwork.Training.Data;
using Formwork.Training.Evaluation;

namespace Formwork.Cli.Commands.Learning;

/// <summary>Translates sources by beam search and compares the translations with their targets: BLEU as sacreBLEU computes it.</summary>
internal sealed class TranslationEvaluation(EncoderDecoderModel model, BeamSearchOptions search, Terminal terminal)
{
    private const int TextsTogether = 64;

    /// <summary>Measures cased and lower-cased BLEU.</summary>
    /// <param name="kind">How the files hold pairs.</param>
    /// <param name="files">The files.</param>
    /// <param name="fields">What the fields of JSON lines are called.</param>
    /// <param name="output">The file that gets the translations; null for none.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InvalidInputException">A file cannot be used, or a source is longer than the model's context.</exception>
    public EvaluationReport Measure(DataKind kind, DataFiles files, JsonFields fields, string? output, CancellationToken cancellation)
    {
        TextRecord[] records = kind switch
        {
            DataKind.Parallel => [.. files.Texts.Zip(files.Targets).SelectMany(pair => TextRecords.Parallel(pair.First, pair.Second))],
            DataKind.JsonLines => [.. files.Texts.SelectMany(path => TextRecords.JsonLines(path, fields))],
            _ => throw new UsageException("an encoder-decoder model is measured on pairs: --data with --targets, or JSON lines"),
        };
        if (records.Length == 0)
            throw new InvalidInputException(files.Texts[0], null, "an empty file", "pairs of texts", "Check the path.");
        string[] translations = terminal.During($"Translating {records.Length} texts", () => Translate(records, cancellation));
        if (output is not null)
            Write(output, translations);
        string[] references = [.. records.Select(record => record.Target!)];
        var report = new EvaluationReport();
        Add(report, "bleu", Bleu.Corpus(translations, references));
        Add(report, "bleu_lowercase", Bleu.Corpus(translations, references, lowercase: true));
        report.Add("sentences", records.Length, null);
        return report;
    }

    private static void Add(EvaluationReport report, string name, BleuScore score)
    {
        report.Add(name, score.Score, score.ToString());
        report.Add(name + "_signature", score.Signature, null);
    }

    // Texts of similar length stand together, so that few rows of a search wait for others; none changes another's result.
    private string[] Translate(TextRecord[] records, CancellationToken cancellation)
    {
        int[] lengths = [.. records.Select(LengthOf)];
        var translations = new string[records.Length];
        int done = 0;
        foreach (int[] some in Enumerable.Range(0, records.Length).OrderBy(index => lengths[index]).Chunk(TextsTogether))
        {
            IReadOnlyList<ScoredText>[] found = model.TranslateBest([.. some.Select(index => records[index].Text)], search, cancellation);
            for (int index = 0; index < some.Length; index++)
                translations[some[index]] = found[index].Count == 0 ? "" : found[index][0].Text;
            terminal.Explain($"translated {done += some.Length} of {records.Length}");
        }
        return translations;
    }

    private int LengthOf(TextRecord record)
    {
        TextTokenizer tokenizer = model.Tokenizer ?? throw new InvalidInputException(
            model.Description.Name, "tokenizer", "none", "one", "Name it in the spec under tokenizer:, or its place with --tokenizer.");
        int length = tokenizer.EncodeForModel(record.Text).Ids.Count;
        return length <= model.SourceContext ? length : throw new InvalidInputException(record.Path, $"line {record.Line}", $"{length} tokens",
            $"at most {model.SourceContext}, the model's context", "Shorten or split the text, or leave the line out.");
    }

    private static void Write(string path, string[] translations)
    {
        try
        {
            // A line end in a translation would shift all that follow.
            string lines = string.Concat(translations.Select(text => OneLine.Of(text) + "\n"));
            File.WriteAllText(path, lines, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                path, null, $"a file that cannot be written ({error.Message})", "a place for the translations", "Name another one: --output.", error);
        }
    }
}
