using Formwork.Runtime.Generation;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Models;

/// <content>Texts in, texts out.</content>
public abstract unsafe partial class EncoderDecoderModel
{
    /// <summary>Writes a target for a source text, token by token. Pieces come as soon as they are certain.</summary>
    /// <param name="source">The source text.</param>
    /// <param name="options">How; null for the model's own way. Of a target's tokens, those that are forced count as its prompt.</param>
    /// <param name="cancellation">Ends the generation at the next token.</param>
    /// <exception cref="InvalidInputException">The source or an option cannot be used, or there is no tokenizer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IEnumerable<string> Generate(string source, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Write(EncodeText(source), options ?? new GenerationOptions(), Description.Generation, cancellation);

    /// <summary>As <see cref="Generate"/>, computed off the caller's thread.</summary>
    /// <inheritdoc cref="Generate"/>
    public async IAsyncEnumerable<string> GenerateAsync(
        string source,
        GenerationOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using IEnumerator<string> pieces = Generate(source, options, cancellation).GetEnumerator();
        while (await Task.Run(pieces.MoveNext, CancellationToken.None).ConfigureAwait(false))
            yield return pieces.Current;
    }

    /// <summary>Writes targets for several source texts side by side, each as <see cref="Generate"/> would: the weights are read once a step for all of them.</summary>
    /// <param name="sources">The source texts.</param>
    /// <param name="options">How each is written.</param>
    /// <param name="cancellation">Ends all of them at the next token.</param>
    /// <exception cref="InvalidInputException">A source or an option cannot be used, there are not as many options, or there is no tokenizer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string[] GenerateBatch(IReadOnlyList<string> sources, IReadOnlyList<GenerationOptions> options, CancellationToken cancellation = default)
    {
        RequireOneEach(sources.Count, options.Count);
        int[] target = TargetStart(Description.Generation.ForcedFirst);
        SourceMemory[] memories = Encode([.. sources.Select(EncodeText)]);
        DecoderSession[] sessions = [.. memories.Select(NewSession)];
        // Each session keeps its memory until it is disposed.
        Array.ForEach(memories, memory => memory.Dispose());
        return Write(
            sessions,
            index => TextGeneration.Write(
                sessions[index], RequireTargetTokenizer(), Description.Tokenizer.EndTokens, target, memories[index].Rows, options[index], Description.Generation),
            cancellation);
    }

    /// <summary>The best target text for a source text.</summary>
    /// <param name="text">The source text.</param>
    /// <param name="options">How; null for the model's own way.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InvalidInputException">The text or an option cannot be used, or there is no tokenizer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string Translate(string text, TranslationOptions? options = null, CancellationToken cancellation = default) =>
        Translate([text], options, cancellation)[0];

    /// <summary>The best target text for each of several source texts, searched side by side.</summary>
    /// <inheritdoc cref="Translate(string, TranslationOptions?, CancellationToken)"/>
    public string[] Translate(IReadOnlyList<string> texts, TranslationOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new TranslationOptions();
        if (options.Sampling is null)
            return [.. TranslateBest(texts, options.Search, cancellation).Select(found => found.Count == 0 ? "" : found[0].Text)];
        BeamSearchOptions search = options.Search.Complete(Description.Generation, Description.Vocabulary);
        GenerationDefaults defaults = Description.Generation with { ForcedFirst = search.ForcedFirst!, Suppressed = search.Suppressed! };
        return [.. texts.Select(Drawn)];

        string Drawn(string text)
        {
            int[] source = EncodeText(text);
            var generation = new GenerationOptions { Sampling = options.Sampling, MaxTokens = search.MaxTokens ?? source.Length + UsualMoreTokens };
            return string.Concat(Write(source, generation, defaults, cancellation));
        }
    }

    /// <summary>The best target texts for each of several source texts, as many as <see cref="BeamSearchOptions.Best"/> says, with their scores.</summary>
    /// <exception cref="InvalidInputException">A text or an option cannot be used, or there is no tokenizer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<ScoredText>[] TranslateBest(IReadOnlyList<string> texts, BeamSearchOptions? options = null, CancellationToken cancellation = default) =>
        [.. Search([.. texts.Select(EncodeText)], options, cancellation).Select(found => (IReadOnlyList<ScoredText>)[.. found.Select(Decoded)])];

    private TextTokenizer RequireTargetTokenizer() => TargetTokenizer ?? RequireTokenizer();

    private ScoredText Decoded(Hypothesis found) => new(RequireTargetTokenizer().Decode(found.Tokens), found.Tokens, found.LogProbability, found.Score);

    private int[] EncodeText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. RequireTokenizer().EncodeForModel(text).Ids];
    }

    private IEnumerable<string> Write(int[] tokens, GenerationOptions options, GenerationDefaults defaults, CancellationToken cancellation)
    {
        Work([tokens]);
        var source = new TargetSource(this, tokens);
        var generation = TextGeneration.Write(
            source, RequireTargetTokenizer(), Description.Tokenizer.EndTokens, TargetStart(defaults.ForcedFirst), tokens.Length, options, defaults);
        return Pieces();

        IEnumerable<string> Pieces()
        {
            using (source)
            {
                foreach (string piece in TextGenerator.Pieces(generation, cancellation))
                    yield return piece;
            }
        }
    }
}
