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
        Cascade embedding = _file.Section("embedding");
        bool embeddingNorm = embedding.Flag("norm") ?? false;
        // A file that does not say its architecture gets its layers checked all the same.
        StackSpec? encoder = Stack("encoder", architecture is Architecture.EncoderOnly or Architecture.EncoderDecoder, architecture, width, embeddingNorm);
        StackSpec? decoder = Stack("decoder", architecture is not Architecture.EncoderOnly, architecture, width, embeddingNorm);
        var heads = new HeadsResolver(_file, file, architecture, (encoder ?? decoder)?.Layers.FirstOrDefault()?.Norm, diagnostics);
        int? sourceVocabulary = _file.Integer("source_vocabulary");
        var spec = new ModelSpec(
            name,
            architecture ?? Architecture.DecoderOnly,
            vocabulary ?? 1,
            width ?? 1,
            new EmbeddingSpec(EmbeddingScale(embedding, width ?? 1))
            {
                TokenTypes = embedding.Integer("token_types") ?? 0,
                Shared = embedding.Flag("shared") ?? sourceVocabulary is null,
            },
            encoder,
            decoder,
            heads.Unembedding(embedding.Flag("tied") ?? true),
            Weights(),
            Tokenizer(vocabulary))
        {
            SourceVocabulary = sourceVocabulary,
            Pooler = heads.Pooler(),
            Classifier = heads.Classifier(),
            Pooling = heads.Pooling(),
            Generation = Generation(vocabulary),
            Training = TrainingResolver.Resolve(_file),
        };
        TrainingResolver.Check(_file, spec, diagnostics);
        ArchitectureRules.Check(_file, spec, architecture, diagnostics);
        if (!diagnostics.HasErrors)
            SizeRules.Check(spec, source, diagnostics);
        return spec;
    }

    private StackSpec? Stack(string name, bool exists, Architecture? architecture, int? width, bool embeddingNorm)
    {
        SpecValue? own = file.Find(name);
        bool both = architecture == Architecture.EncoderDecoder;
        if (exists)
        {
            var values = new Cascade(SpecKeys.Model, [own?.Data as SectionValues, file], diagnostics);
            return new StackResolver(values, both ? name + "." : "", width, diagnostics, source).Resolve(crosses: both && name == "decoder", embeddingNorm);
        }
        if (own is not null && architecture is { } known)
            diagnostics.Report(DiagnosticCatalog.KeyWithoutMeaning, own.Span, own.Path, $"with `architecture` {SpecNames.Architectures.Name(known)}", $"such a model has no {name}; remove it");
        return null;
    }

    private static double EmbeddingScale(Cascade embedding, int width) => embedding.Data("scale") switch
    {
        double scale => scale,
        Keys.EmbeddingScale.SqrtWidth => Math.Sqrt(width),
        _ => 1,
    };

    // Layouts are parsed when first asked for, and most specs do not ask for the default one.
    private WeightLayout Weights() =>
        (file.Section("weights") is { } weights ? LayoutResolver.ResolveWeights(weights, diagnostics) : null) ?? KnownLayouts.Default;

    private TokenizerSpec Tokenizer(int? vocabulary)
    {
        Cascade tokenizer = _file.Section("tokenizer");
        tokenizer.CheckConditions();
        SpecValue? end = tokenizer.Find("end");
        // `end: 2` is a list of one.
        SpecValue[] ends = end?.Data is int ? [end] : (end?.Data as SpecValue[] ?? []);
        return new TokenizerSpec(
            tokenizer.Choice<TokenizerKind>("kind") ?? TokenizerKind.None,
            tokenizer.Text("file"),
            tokenizer.Text("merges_file"),
            Token(tokenizer.Find("begin"), vocabulary),
            Tokens(ends, vocabulary));
    }

    private GenerationSpec Generation(int? vocabulary)
    {
        Cascade generation = _file.Section("generation");
        return new GenerationSpec
        {
            Start = Token(generation.Find("start"), vocabulary),
            ForcedFirst = Tokens(generation.Find("forced_first")?.Data as SpecValue[] ?? [], vocabulary),
            Suppressed = Tokens(generation.Find("suppressed")?.Data as SpecValue[] ?? [], vocabulary),
            Temperature = generation.Number("temperature"),
            TopK = generation.Integer("top_k"),
            TopP = generation.Number("top_p"),
            RepetitionPenalty = generation.Number("repetition_penalty"),
            Beams = generation.Integer("beams"),
            LengthPenalty = generation.Number("length_penalty"),
        };
    }

    private EquatableArray<int> Tokens(IEnumerable<SpecValue> tokens, int? vocabulary) =>
        tokens.Select(token => Token(token, vocabulary)).OfType<int>().ToEquatableArray();

    private int? Token(SpecValue? token, int? vocabulary)
    {
        if (token?.Data is int id && id >= vocabulary)
            diagnostics.Report(DiagnosticCatalog.TokenOutsideVocabulary, token.Span, token.Path, id, vocabulary, vocabulary - 1);
        return token?.Data as int?;
    }
}
