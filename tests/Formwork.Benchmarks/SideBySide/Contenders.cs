using Formwork.Benchmarks.Peers.Gguf;
using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Benchmarks.Peers.LlamaCpp;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>Whose decoders take part on this machine, and why others do not.</summary>
internal sealed class Contenders
{
    private readonly string _folder;
    private readonly LlamaCppLibrary? _llamaCpp;
    private readonly List<string> _notes = [];

    /// <summary>Finds the peers; files that they need are kept in <paramref name="folder"/>.</summary>
    public Contenders(string folder)
    {
        _folder = folder;
        _notes.Add(LibtorchPeer.Note);
        (_llamaCpp, var reason) = LlamaCppLibrary.Load(Path.Combine(folder, "llama.cpp"));
        _notes.Add(_llamaCpp is null
            ? $"no llama.cpp: {reason}"
            : $"llama.cpp {_llamaCpp.Version} ({_llamaCpp.Features}): its defaults (f16 cache, automatic flash attention, repacking), f32 and f16 weights");
    }

    /// <summary>Lines about the peers, for the table's heading.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>All contenders with a model of the shape, ours first.</summary>
    /// <param name="shape">The model's shape.</param>
    /// <param name="capacity">The longest sequence.</param>
    public IReadOnlyList<IDecoderContender> Create(DecoderShape shape, int capacity)
    {
        var contenders = new List<IDecoderContender> { new FormworkDecoder(shape) };
        if (LibtorchPeer.IsThere)
            contenders.Add(LibtorchDecoder.Create(shape, capacity));
        if (_llamaCpp is not null)
        {
            contenders.Add(new LlamaCppDecoder(_llamaCpp, shape, GgufType.F32, _folder, capacity));
            contenders.Add(new LlamaCppDecoder(_llamaCpp, shape, GgufType.F16, _folder, capacity));
        }

        return contenders;
    }
}
