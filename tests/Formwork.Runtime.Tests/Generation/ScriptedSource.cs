using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Tests.Generation;

/// <summary>A model that answers every prompt with the same tokens, and writes down what it was fed.</summary>
internal sealed class ScriptedSource(IEnumerable<int> reply, int context = 1000) : ITokenSource
{
    private readonly int[] _reply = [.. reply];
    private int _next;

    /// <summary>Replies with a text, then with the end token for ever.</summary>
    public ScriptedSource(string reply, int context = 1000)
        : this(new ByteTokenizer().Encode(reply), context)
    {
    }

    public int Vocabulary => 258;

    public int Context => context;

    public int Position => Fed.Count;

    /// <summary>Every token, in the order it came.</summary>
    public List<int> Fed { get; } = [];

    /// <summary>How many tokens each call brought.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>Run before every call.</summary>
    public Action? BeforeCall { get; set; }

    public ReadOnlySpan<float> Prefill(ReadOnlySpan<int> tokens)
    {
        BeforeCall?.Invoke();
        Fed.AddRange(tokens);
        Calls.Add(tokens.Length);
        if (Fed.Count > Context)
            throw new InvalidOperationException("More tokens than the context holds.");
        var logits = new float[Vocabulary];
        logits[_next < _reply.Length ? _reply[_next++] : ByteTokenizer.End] = 50;
        return logits;
    }

    public ReadOnlySpan<float> Step(int token) => Prefill(new[] { token });
}
