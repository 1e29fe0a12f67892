using System.Runtime.CompilerServices;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Generation;

/// <summary>
/// Continues texts with a model: text in, pieces of text out, each as soon as it is certain. A piece never ends inside a character.
/// The model's sequence is continued where it stands; a begin token is put only at its start.
/// </summary>
/// <param name="source">The model's sequence. It then holds the prompt and all new tokens but the last.</param>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="description">Which tokens begin and end a text.</param>
/// <param name="defaults">How tokens are chosen where the options leave it open, and which never are; null for by the model's own probabilities.</param>
public sealed class TextGenerator(ITokenSource source, TextTokenizer tokenizer, TokenizerDescription description, GenerationDefaults? defaults = null)
{
    /// <summary>Continues <paramref name="prompt"/>. The input is checked here; the model runs while the pieces are read, once.</summary>
    /// <param name="prompt">The text to continue; may be empty when the model has a begin token.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the generation at the next token.</param>
    /// <returns>The pieces; none is empty. They can be read once.</returns>
    /// <exception cref="InvalidInputException">An option is out of its range, or the prompt is empty or too long, or has a token that the model does not know.</exception>
    /// <exception cref="OperationCanceledException">While reading: the token was cancelled.</exception>
    public IEnumerable<string> Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var generation = TextGeneration.Continue(source, tokenizer, description, prompt, options ?? new(), defaults ?? new());
        return Pieces(generation, cancellationToken);
    }

    /// <summary>
    /// Answers a prompt of tokens, such as a chat: nothing is put before it, nothing is echoed, and what is generated is decoded as a text of its own.
    /// </summary>
    /// <inheritdoc cref="Generate(string, GenerationOptions?, CancellationToken)"/>
    public IEnumerable<string> Generate(IReadOnlyList<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var generation = TextGeneration.Answer(source, tokenizer, description.EndTokens, prompt, options ?? new(), defaults ?? new());
        return Pieces(generation, cancellationToken);
    }

    /// <summary>
    /// The same without holding up the caller's thread: the prompt is encoded and checked, and the model runs, on the thread pool, one piece at
    /// a time and only when asked for it.
    /// </summary>
    /// <inheritdoc cref="Generate(string, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<string> GenerateAsync(string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new();
        options.Validate();
        var generation = new Lazy<TextGeneration>(() => TextGeneration.Continue(source, tokenizer, description, prompt, options, defaults ?? new()));
        return PiecesAsync(generation, cancellationToken);
    }

    internal static IEnumerable<string> Pieces(TextGeneration generation, CancellationToken cancellationToken)
    {
        generation.Start();
        while (generation.Next(cancellationToken) is { } piece)
            yield return piece;
    }

    internal static async IAsyncEnumerable<string> PiecesAsync(Lazy<TextGeneration> generation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Run(() => generation.Value.Start(), CancellationToken.None).ConfigureAwait(false);
        while (await Task.Run(() => generation.Value.Next(cancellationToken), CancellationToken.None).ConfigureAwait(false) is { } piece)
            yield return piece;
    }
}
