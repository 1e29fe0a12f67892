using System.Diagnostics;
using System.Runtime.InteropServices;
using Formwork.Runtime.Sampling;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Generation;

/// <summary>One generation under way: the prompt first, when it is echoed, then token by token.</summary>
internal sealed class TextGeneration
{
    private readonly ITokenSource _source;
    private readonly GenerationOptions _options;
    private readonly IReadOnlyList<int> _endTokens;
    private readonly GenerationStatistics _statistics;
    private readonly Sampler _sampler;
    private readonly TokenTextStream _text;
    private readonly StopStringFilter _filter;
    private readonly List<int> _tokens;
    private readonly float[] _logits;
    private readonly int _promptLength;
    private readonly NewTokenLimit _limit;
    private string _echo;
    private bool _started;
    private bool _finished;

    /// <summary>Encodes the prompt and checks everything that can be checked before the model runs.</summary>
    public TextGeneration(ITokenSource source, TextTokenizer tokenizer, TokenizerDescription description, string prompt, GenerationOptions options)
    {
        options.Validate();
        var encoded = tokenizer.Encode(prompt);
        var begin = source.Position == 0 ? description.BeginToken : null;
        PromptCheck.Check(source, begin, encoded);
        _tokens = begin is { } token ? [token, .. encoded] : [.. encoded];
        _source = source;
        _options = options;
        _endTokens = description.EndTokens;
        _statistics = options.Statistics ?? new();
        _statistics.Reset(encoded.Count);
        _sampler = new(options.Sampling);
        _text = tokenizer.NewStream();
        _filter = new(options.StopStrings);
        _logits = new float[source.Vocabulary];
        _promptLength = _tokens.Count;
        _limit = NewTokenLimit.Of(options, encoded.Count, source.Context - source.Position - _promptLength);
        _echo = ReadPrompt(encoded);
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
    /// <returns>What is to be echoed of it.</returns>
    private string ReadPrompt(IReadOnlyList<int> encoded)
    {
        var read = Math.Min(encoded.Count, _options.MaxLength ?? encoded.Count);
        var text = string.Concat(encoded.Take(read).Select(_text.Append));
        return _options.EchoPrompt ? text : "";
    }

    private string NextToken()
    {
        var token = ChooseToken();
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

    private int ChooseToken()
    {
        var start = Stopwatch.GetTimestamp();
        var first = _statistics.NewTokens == 0;
        var logits = first ? _source.Prefill(CollectionsMarshal.AsSpan(_tokens)) : _source.Step(_tokens[^1]);
        logits.CopyTo(_logits);
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
        var rest = _statistics.NewTokens == 0 && !_options.EchoPrompt ? "" : _filter.Append(_text.Finish()) + _filter.Finish();
        End(_filter.Stopped ? FinishReason.StopString : reason);
        return rest;
    }

    private void End(FinishReason reason)
    {
        _finished = true;
        _statistics.FinishReason = reason;
    }
}
