using Formwork.Runtime.Tokenization;

namespace Formwork.Training.Data;

/// <summary>Makes examples from the files that options name.</summary>
internal sealed class ExampleBuilder(DataOptions options, TokenStore store)
{
    /// <summary>The examples of some files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="name">What token files are called, where they are written.</param>
    public (BuiltExamples Examples, BuildCounts Counts) Build(DataFiles files, string name)
    {
        if (options.Objective == DataObjective.Translation)
            return BuildPairs(files, name);
        if (files.Texts is [string path] && TokenStore.HoldsIds(path) && options.Objective != DataObjective.Labels)
        {
            TokenFile file = store.Open(path);
            return (new BuiltExamples(file, null, null), new BuildCounts(file.Count, 0, 0));
        }
        List<int>? labels = options.Objective == DataObjective.Labels ? [] : null;
        // A classifier looks at the tokens around a text; the other objectives put theirs there themselves.
        var encoder = new TextEncoder(options.Tokenizer, Framed: labels is not null);
        var counts = default(BuildCounts);
        ITokenSequences[] written = store.Write([options.Tokenizer], [name],
            sinks => counts = TokenBuilder.Sequences(Records(files), encoder, int.MaxValue, sinks[0], labels));
        return (new BuiltExamples(written[0], null, labels), counts);
    }

    private (BuiltExamples Examples, BuildCounts Counts) BuildPairs(DataFiles files, string name)
    {
        if (files.Texts is [string source] && files.Targets is [string target] && TokenStore.HoldsIds(source) && TokenStore.HoldsIds(target))
        {
            var (sources, targets) = (store.Open(source), store.Open(target));
            return (new BuiltExamples(targets, sources, null), new BuildCounts(targets.Count, 0, 0));
        }
        TextTokenizer targetTokenizer = options.TargetTokenizer ?? options.Tokenizer;
        var from = new TextEncoder(options.Tokenizer, Framed: options.SourceEnd is null);
        var to = new TextEncoder(targetTokenizer);
        var counts = default(BuildCounts);
        ITokenSequences[] written = store.Write([options.Tokenizer, targetTokenizer], [name + ".source", name + ".target"],
            sinks => counts = TokenBuilder.Pairs(Records(files), from, to, int.MaxValue, int.MaxValue, sinks[0], sinks[1]));
        return (new BuiltExamples(written[1], written[0], null), counts);
    }

    private IEnumerable<TextRecord> Records(DataFiles files)
    {
        foreach (string path in files.Texts.Concat(files.Targets))
            TokenStore.RequireText(path);
        return options.Kind switch
        {
            DataKind.Parallel => files.Texts.Zip(files.Targets).SelectMany(pair => TextRecords.Parallel(pair.First, pair.Second)),
            DataKind.JsonLines => files.Texts.SelectMany(path => TextRecords.JsonLines(path, options.Fields ?? UsualFields())),
            _ => files.Texts.SelectMany(TextRecords.Lines),
        };
    }

    private JsonFields UsualFields() => options.Objective switch
    {
        DataObjective.Translation => JsonFields.Pairs,
        DataObjective.Labels => JsonFields.Labelled,
        _ => new JsonFields(),
    };
}
