using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Models;

/// <summary>A decoder's sequence over a source that is encoded when the first token is taken.</summary>
internal sealed class TargetSource(EncoderDecoderModel model, int[] source) : ITokenSource, IDisposable
{
    private DecoderSession? _session;

    public int Vocabulary => model.Description.Vocabulary;

    public int Context => model.Description.Context;

    public int Position => _session?.Position ?? 0;

    public ReadOnlySpan<float> Prefill(ReadOnlySpan<int> tokens)
    {
        if (_session is null)
        {
            using SourceMemory memory = model.Encode(source);
            _session = model.NewSession(memory);
        }
        return _session.Prefill(tokens);
    }

    public ReadOnlySpan<float> Step(int token) => _session!.Step(token);

    public void Dispose() => _session?.Dispose();
}
