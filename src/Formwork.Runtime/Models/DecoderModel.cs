using System.Runtime.CompilerServices;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled decoder-only model: the base class of the generated types, and all that tools and servers need to know of them. Sessions
/// share its weights; passes run one at a time, whichever thread asks.
/// </summary>
public abstract class DecoderModel : GenerativeModel
{
    /// <summary>Takes over the parts; generated constructors call it.</summary>
    protected DecoderModel(ModelParts parts)
        : base(parts, Math.Min(parts.Options.MaxPassTokens, parts.Description.Context))
    {
    }

    /// <summary>A new sequence with a key/value cache of its own.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public DecoderSession NewSession()
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        return new DecoderSession(this);
    }

    /// <summary>Continues a text; see <see cref="TextGenerator"/>. Pieces come as soon as they are certain.</summary>
    /// <exception cref="InvalidInputException">The prompt or an option cannot be used.</exception>
    public IEnumerable<string> Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        using DecoderSession session = NewSession();
        foreach (string piece in new TextGenerator(session, RequireTokenizer(), Description.Tokenizer, Description.Generation).Generate(prompt, options, cancellation))
            yield return piece;
    }

    /// <summary>As <see cref="Generate"/>, computed off the caller's thread.</summary>
    /// <exception cref="InvalidInputException">The prompt or an option cannot be used.</exception>
    public async IAsyncEnumerable<string> GenerateAsync(
        string prompt,
        GenerationOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using DecoderSession session = NewSession();
        var generator = new TextGenerator(session, RequireTokenizer(), Description.Tokenizer, Description.Generation);
        await foreach (string piece in generator.GenerateAsync(prompt, options, cancellation).ConfigureAwait(false))
            yield return piece;
    }

    /// <summary>Continues several texts side by side, each as <see cref="Generate"/> would: the weights are read once a step for all of them.</summary>
    /// <param name="prompts">The texts.</param>
    /// <param name="options">How each is continued.</param>
    /// <param name="tokenizer">What to read and write them with; null for the model's own.</param>
    /// <param name="cancellation">Ends all of them at the next token.</param>
    /// <returns>The text that each prompt became.</returns>
    /// <exception cref="InvalidInputException">A prompt or an option cannot be used, there are not as many options, or there is no tokenizer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string[] GenerateBatch(
        IReadOnlyList<string> prompts, IReadOnlyList<GenerationOptions> options, TextTokenizer? tokenizer = null, CancellationToken cancellation = default)
    {
        RequireOneEach(prompts.Count, options.Count);
        tokenizer ??= RequireTokenizer();
        DecoderSession[] sessions = [.. prompts.Select(_ => NewSession())];
        return Write(
            sessions, index => TextGeneration.Continue(sessions[index], tokenizer, Description.Tokenizer, prompts[index], options[index], Description.Generation), cancellation);
    }

    /// <summary>The most probable continuations of a text by beam search, best first.</summary>
    /// <param name="prompt">The text; the model's begin token is put before it.</param>
    /// <param name="options">How; null for the model's own way.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InvalidInputException">An option is out of its range, the prompt is empty or too long, or there is no tokenizer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<ScoredText> Search(string prompt, BeamSearchOptions? options = null, CancellationToken cancellation = default)
    {
        TextTokenizer tokenizer = RequireTokenizer();
        IReadOnlyList<int> encoded = tokenizer.Encode(prompt);
        int[] tokens = Description.Tokenizer.BeginToken is { } begin ? [begin, .. encoded] : [.. encoded];
        return [.. Search([tokens], options, cancellation)[0].Select(found =>
            new ScoredText(DecodeAfter(encoded, found.Tokens), found.Tokens, found.LogProbability, found.Score))];

        string DecodeAfter(IEnumerable<int> prompt, IEnumerable<int> tokens)
        {
            // The stream has to read the prompt, for a text's beginning is not decoded as its middle is.
            TokenTextStream stream = tokenizer.NewStream();
            foreach (int token in prompt)
                stream.Append(token);
            return string.Concat(tokens.Select(stream.Append)) + stream.Finish();
        }
    }

    /// <summary>The most probable continuations of several prompts by beam search, best first for each.</summary>
    /// <param name="prompts">One or more tokens each, a begin token included where the model wants one.</param>
    /// <param name="options">How; null for the model's own way.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="InvalidInputException">An option is out of its range, or a prompt is empty or too long or has a token that is no id.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<Hypothesis>[] Search(IReadOnlyList<int[]> prompts, BeamSearchOptions? options = null, CancellationToken cancellation = default)
    {
        options = (options ?? new BeamSearchOptions()).Complete(Description.Generation, Description.Vocabulary);
        var rules = new BeamRules(options, Description.Tokenizer.EndTokens);
        int[][] forced = [.. prompts.Select(prompt => (int[])[.. prompt, .. rules.Forced])];
        for (int index = 0; index < forced.Length; index++)
        {
            string where = forced.Length == 1 ? "" : $"prompt {index}, ";
            TokenCheck.Length(Description, forced[index].Length, Description.Context, "prompts", where);
            TokenCheck.Ids(forced[index], Description.Vocabulary, "prompts", where);
        }
        var found = new List<IReadOnlyList<Hypothesis>>();
        foreach (int[][] some in forced.Chunk(PromptsAtATime(rules.Beams)))
        {
            DecoderSession[] sessions = [.. Enumerable.Range(0, some.Length * rules.Beams).Select(_ => NewSession())];
            found.AddRange(Search(sessions, some, rules, [.. some.Select(prompt => Limit(prompt.Length, options.MaxTokens))], cancellation));
        }
        return [.. found];
    }
}
