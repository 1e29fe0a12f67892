using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>What is not one sequence of a decoder, side by side: encoders with one sequence and several, and the steps of a source's targets.</summary>
internal sealed class SequencesReport(IReadOnlyList<int> threadCounts, int repeats)
{
    /// <summary>Runs the rows and gives the table with its notes as Markdown.</summary>
    public string Run(IReadOnlyList<EncodeRow> encodeRows, IReadOnlyList<StepRow> stepRows, TextWriter progress)
    {
        var series = new RaceSeries(threadCounts, repeats, progress);
        var results = new List<RowResult>();
        foreach (var group in encodeRows.GroupBy(row => row.Shape))
        {
            progress.WriteLine($"{group.Key.Name}: building the contenders");
            results.AddRange(series.Run(Encoders(group.Key), group.Select(row => new EncodeWork(row))));
        }

        foreach (var group in stepRows.GroupBy(row => row.Shape))
        {
            progress.WriteLine($"{group.Key.Name}: building the contenders");
            results.AddRange(series.Run(Translators(group.Key, group.Max(row => row.Targets)), group.Select(row => new StepWork(row))));
        }

        var section = new RaceSection(results, repeats);
        return section.Table("work (encode: sequences/s, step: tokens/s)") + "\n" + section.Notes(
            "states or last logits",
            "the row's multiply-adds at the FMA peak (encode), or the decoder's f32 matrices, the targets' keys and values and the source's read once a step at the read bandwidth (step), both",
            [Steps, LibtorchPeer.Note]);
    }

    private static string Steps =>
        $"Steps: a source of {StepRow.SourceTokens} tokens, encoded before; {StepRow.Steps} steps around position {StepRow.FirstPosition + StepRow.Steps / 2} of its targets, all tokens counted";

    private static List<IEncoderContender> Encoders(EncoderShape shape)
    {
        var contenders = new List<IEncoderContender> { new FormworkEncoder(shape) };
        if (LibtorchPeer.IsThere)
            contenders.Add(LibtorchBert.Create(shape));
        return contenders;
    }

    private static List<ITranslatorContender> Translators(TranslatorShape shape, int targets)
    {
        var contenders = new List<ITranslatorContender> { new FormworkTranslator(shape) };
        if (LibtorchPeer.IsThere)
            contenders.Add(LibtorchTransformer.Create(shape, targets, StepRow.SourceTokens, StepRow.FirstPosition + StepRow.Steps));
        return contenders;
    }
}
