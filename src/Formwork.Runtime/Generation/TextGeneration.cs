using System.Diagnostics;
using System.Runtime.InteropServices;
using Formwork.Runtime.Models;
using Formwork.Runtime.Sampling;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Generation;

/// <summary>One generation under way: the prompt first, when it is echoed, then token by token.</summary>
internal sealed class TextGeneration
{
    private readonly ITokenSource _source;
    private readonly GenerationOptions _options;
    private readonly IReadOnlyList<int> _endTokens;
    private readonly IReadOnlyList<int> _suppressed;
    private readonly GenerationStatistics _statistics;
    private readonly Sampler _sampler;
    private readonly TokenTextStream _text;
    private readonly StopStringFilter _filter;
    private readonly List<int> _tokens;
    private readonly float[] _logits;
    private readonly int _promptLength;
    private NewTokenLimit _limit;
    private string _echo = "";
    private bool _echoes;
    private bool _started;
    private bool _finished;

    private TextGeneration(ITokenSource source, TextTokenizer tokenizer, IReadOnlyList<int> endTokens, List<int> tokens, GenerationOptions options, GenerationDefaults defaults)
    {
        _source = source;
        _options = options;
        _endTokens = endTokens;
        _suppressed = defaults.Suppressed;
        _statistics = options.Statistics ?? new();
        _sampler = new(options.Sampling ?? defaults.ToSampling());
        _text = tokenizer.NewStream();
        _filter = new(options.StopStrings);
        _logits = new float[source.Vocabulary];
        _tokens = tokens;
        _promptLength = tokens.Count;
    }

    /// <summary>Continues a prompt: encodes it and checks everything that can be checked before the model runs.</summary>
    public static TextGeneration Continue(ITokenSource source, TextTokenizer tokenizer, TokenizerDescription description, string prompt, GenerationOptions options, GenerationDefaults defaults)
    {
        options.Validate();
        TokenCheck.Ids(defaults.Suppressed, source.Vocabulary, "suppressed");
        var encoded = tokenizer.Encode(prompt);
        var begin = source.Position == 0 ? description.BeginToken : null;
        PromptCheck.Check(source, begin, encoded);
        List<int> tokens = begin is { } token ? [token, .. encoded] : [.. encoded];
        var generation = new TextGeneration(source, tokenizer, description.EndTokens, tokens, options, defaults);
        generation.ReadPrompt(encoded, options.EchoPrompt);
        return generation;
    }

    /// <summary>Answers a prompt of tokens, which is given as the model is to see it; the answer is a text of its own, and nothing is echoed.</summary>
    public static TextGeneration Answer(
        ITokenSource source, TextTokenizer tokenizer, IReadOnlyList<int> endTokens, IReadOnlyList<int> prompt, GenerationOptions options, GenerationDefaults defaults)
    {
        options.Validate();
        TokenCheck.Ids(defaults.Suppressed, source.Vocabulary, "suppressed");
        PromptCheck.Check(source, null, prompt);
        var generation = new TextGeneration(source, tokenizer, endTokens, [.. prompt], options, defaults);
        generation._statistics.Reset(prompt.Count);
        generation._limit = NewTokenLimit.Of(options, prompt.Count, source.Context - source.Position - prompt.Count);
        return generation;
    }

    /// <summary>Writes a target: it begins with a token that is no text and the tokens that are forced, whose text is given out.</summary>
    /// <param name="source">The decoder's sequence, which is empty.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="endTokens">The ids that end a text.</param>
    /// <param name="target">The start token and the forced ones.</param>
    /// <param name="sourceTokens">Tokens of the source, for the statistics.</param>
    /// <param name="options">How.</param>
    /// <param name="defaults">How where the options leave it open.</param>
    public static TextGeneration Write(
        ITokenSource source, TextTokenizer tokenizer, IReadOnlyList<int> endTokens, IReadOnlyList<int> target, int sourceTokens, GenerationOptions options, GenerationDefaults defaults)
    {
        options.Validate();
        TokenCheck.Ids(defaults.Suppressed, source.Vocabulary, "suppressed");
        var generation = new TextGeneration(source, tokenizer, endTokens, [.. target], options, defaults);
        generation.ReadPrompt([.. target.Skip(1)], echo: true);
        generation._statistics.Reset(sourceTokens);
        return generation;
    }

    /// <summary>Marks the generation as being read.</summary>
    /// <exception cref="InvalidOperationException">It already was; the model's sequence has moved on.</exception>
    public void Start()
    {
        if (_started)
            throw new InvalidOperationException("The pieces of a generation can be read once. Call Generate again.");
        _started = true;
    }

    /// <summary>The next piece, never empty; null at the end.</summary>
    public string? Next(CancellationToken cancellationToken)
    {
        var piece = _echo;
        _echo = "";
        while (piece.Length == 0 && !_finished)
        {
            if (cancellationToken.IsCancellationRequested)
                End(FinishReason.Cancelled);
            cancellationToken.ThrowIfCancellationRequested();
            piece = _statistics.NewTokens < _limit.Count ? NextToken() : Finish(_limit.Reason);
        }
        return piece.Length == 0 ? null : piece;
    }

    /// <summary>Has the text decoder read the prompt, without which it would take the first new token for a text's beginning.</summary>
    private void ReadPrompt(IReadOnlyList<int> encoded, bool echo)
    {
        _statistics.Reset(encoded.Count);
        _limit = NewTokenLimit.Of(_options, encoded.Count, _source.Context - _source.Position - _promptLength);
        _echoes = echo;
        var read = Math.Min(encoded.Count, _options.MaxLength ?? encoded.Count);
        var text = string.Concat(encoded.Take(read).Select(_text.Append));
        _echo = echo ? text : "";
    }

    /// <summary>Whether nothing more comes.</summary>
    public bool Finished => _finished;

    /// <summary>The tokens that the model has to take before the next one can be chosen: the prompt's, then the last one alone.</summary>
    public ReadOnlySpan<int> Pending => CollectionsMarshal.AsSpan(_tokens)[(_statistics.NewTokens == 0 ? 0 : _tokens.Count - 1)..];

    /// <summary>Marks the generation as being read, by one who runs the model himself, and gives the text that stands before the first new token.</summary>
    public string Open()
    {
        Start();
        var text = _echo;
        _echo = "";
        return _limit.Count > 0 ? text : text + Finish(_limit.Reason);
    }

    /// <summary>Chooses the next token; gives the text that is certain by it, which may be none.</summary>
    /// <param name="logits">What the model gave after <see cref="Pending"/>.</param>
    /// <param name="start">When it was asked.</param>
    public string Take(ReadOnlySpan<float> logits, long start)
    {
        var token = ChooseToken(logits, start);
        if (_endTokens.Contains(token))
            return Finish(FinishReason.EndToken);
        _tokens.Add(token);
        _statistics.NewTokens++;
        _options.OnToken?.Invoke(token, _statistics);
        var piece = _filter.Append(_text.Append(token));
        if (_filter.Stopped)
            End(FinishReason.StopString);
        else if (_statistics.NewTokens == _limit.Count)
            piece += Finish(_limit.Reason);
        return piece;
    }

    private string NextToken()
    {
        var start = Stopwatch.GetTimestamp();
        return Take(_statistics.NewTokens == 0 ? _source.Prefill(Pending) : _source.Step(_tokens[^1]), start);
    }

    private int ChooseToken(ReadOnlySpan<float> logits, long start)
    {
        var first = _statistics.NewTokens == 0;
        logits.CopyTo(_logits);
        foreach (var suppressed in _suppressed)
            _logits[suppressed] = float.NegativeInfinity;
        var token = _sampler.Sample(_logits, CollectionsMarshal.AsSpan(_tokens), _promptLength);
        if (first)
        {
            _statistics.PrefillTime = Stopwatch.GetElapsedTime(start);
        }
        else
        {
            _statistics.DecodeTime += Stopwatch.GetElapsedTime(start);
            _statistics.DecodeSteps++;
        }
        return token;
    }

    /// <summary>Ends the generation and gives the text that was held back.</summary>
    private string Finish(FinishReason reason)
    {
        // Without an echo, what the decoder still holds of a prompt that was not continued is not ours to give.
        var rest = _statistics.NewTokens == 0 && !_echoes ? "" : _filter.Append(_text.Finish()) + _filter.Finish();
        End(_filter.Stopped ? FinishReason.StopString : reason);
        return rest;
    }

    private void End(FinishReason reason)
    {
        _finished = true;
        _statistics.FinishReason = reason;
    }
}
