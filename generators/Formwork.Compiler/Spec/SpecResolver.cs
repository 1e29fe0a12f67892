using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec.Keys;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Spec;

/// <summary>
/// Makes a <see cref="ModelSpec"/> of a file's values: fills in defaults, applies overrides, expands groups of layers, and checks the
/// rules that join several keys. It goes on after errors, so that all are reported; what it then returns is not used.
/// </summary>
internal sealed class SpecResolver(SectionValues file, DiagnosticBag diagnostics, SourceMap source)
{
    private readonly Cascade _file = new(SpecKeys.Model, [file], diagnostics);

    /// <summary>The spec; meaningful when nothing was reported.</summary>
    public ModelSpec Resolve()
    {
        string name = _file.Text("model") ?? "";
        Architecture? architecture = _file.Choice<Architecture>("architecture");
        int? vocabulary = _file.Integer("vocabulary");
        int? width = _file.Integer("width");
        // A file that does not say its architecture gets its layers checked all the same.
        StackSpec? encoder = Stack("encoder", architecture is Architecture.EncoderOnly or Architecture.EncoderDecoder, architecture, width);
        StackSpec? decoder = Stack("decoder", architecture is not Architecture.EncoderOnly, architecture, width);
        var spec = new ModelSpec(
            name,
            architecture ?? Architecture.DecoderOnly,
            vocabulary ?? 1,
            width ?? 1,
            Embedding(width ?? 1),
            encoder,
            decoder,
            new UnembeddingSpec(_file.Section("embedding").Flag("tied") ?? true, _file.Section("unembedding").Flag("bias") ?? false),
            Weights(),
            Tokenizer(vocabulary));
        if (!diagnostics.HasErrors)
            SizeRules.Check(spec, source, diagnostics);
        return spec;
    }

    private StackSpec? Stack(string name, bool exists, Architecture? architecture, int? width)
    {
        SpecValue? own = file.Find(name);
        if (exists)
        {
            var values = new Cascade(SpecKeys.Model, [own?.Data as SectionValues, file], diagnostics);
            string path = architecture == Architecture.EncoderDecoder ? name + "." : "";
            return new StackResolver(values, path, width, diagnostics, source).Resolve();
        }
        if (own is not null && architecture is { } known)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, own.Span, own.Path, $"with `architecture` {SpecNames.Architectures.Name(known)}", $"such a model has no {name}; remove it");
        return null;
    }

    private EmbeddingSpec Embedding(int width) => new(_file.Section("embedding").Data("scale") switch
    {
        double scale => scale,
        EmbeddingScale.SqrtWidth => Math.Sqrt(width),
        _ => 1,
    });

    // Layouts are parsed when first asked for, and most specs do not ask for the default one.
    private WeightLayout Weights() =>
        (file.Section("weights") is { } weights ? LayoutResolver.ResolveWeights(weights, diagnostics) : null) ?? KnownLayouts.Default;

    private TokenizerSpec Tokenizer(int? vocabulary)
    {
        Cascade tokenizer = _file.Section("tokenizer");
        tokenizer.CheckConditions();
        SpecValue? begin = tokenizer.Find("begin");
        SpecValue? end = tokenizer.Find("end");
        // `end: 2` is a list of one.
        SpecValue[] ends = end?.Data is int ? [end] : (end?.Data as SpecValue[] ?? []);
        foreach (SpecValue token in ends.Prepend(begin!))
        {
            if (token?.Data is int id && id >= vocabulary)
                diagnostics.Report(DiagnosticCatalog.TokenOutsideVocabulary, token.Span, token.Path, id, vocabulary, vocabulary - 1);
        }
        return new TokenizerSpec(
            tokenizer.Choice<TokenizerKind>("kind") ?? TokenizerKind.None,
            tokenizer.Text("file"),
            tokenizer.Text("merges_file"),
            begin?.Data as int?,
            ends.Select(token => token.Data).OfType<int>().ToEquatableArray());
    }
}
