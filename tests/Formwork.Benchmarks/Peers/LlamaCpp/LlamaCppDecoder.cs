using Formwork.Benchmarks.Peers.Gguf;
using Formwork.Benchmarks.SideBySide;
using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.Peers.LlamaCpp;

/// <summary>llama.cpp's own library on a GGUF file, with its defaults: mapped file, repacked weights, automatic flash attention, f16 cache.</summary>
internal sealed unsafe class LlamaCppDecoder : IDecoderContender
{
    // ggml's threads look for new work 6.5 million times before they sleep (ggml_graph_compute_poll_for_work, its default of 50).
    private static readonly TimeSpan PoolSpinning = TimeSpan.FromMilliseconds(300);

    private readonly LlamaCppLibrary _library;
    private readonly int _vocabulary;
    private readonly void* _model;
    private readonly void* _context;
    private readonly Dictionary<int, nint> _pools = [];
    private int _threads = 1;

    /// <summary>Loads the file.</summary>
    /// <param name="library">llama.cpp.</param>
    /// <param name="shape">The model's shape.</param>
    /// <param name="type">How the file stores matrices.</param>
    /// <param name="folder">Where the files are kept.</param>
    /// <param name="capacity">The most tokens that the sequence will have.</param>
    public LlamaCppDecoder(LlamaCppLibrary library, DecoderShape shape, GgufType type, string folder, int capacity)
    {
        Name = $"llama.cpp {type}".Replace(" F", " f", StringComparison.Ordinal);
        _library = library;
        _vocabulary = shape.Vocabulary;
        var file = GgufDecoderFile.Prepare(shape, type, folder);
        fixed (byte* path = LlamaCppLibrary.Utf8(file))
            _model = library.LoadModel(path, library.ModelDefaults());
        if (_model is null)
            throw new InvalidOperationException($"llama.cpp does not load {file}");

        var parameters = library.ContextDefaults();
        parameters.Context = (uint)capacity;
        _context = library.NewContext(_model, parameters);
        if (_context is null)
            throw new InvalidOperationException($"llama.cpp makes no context for {file}");
    }

    public string Name { get; }

    public void UseThreads(int threads)
    {
        _threads = threads;
        _library.SetThreads(_context, threads, threads);
        if (_library.NewPool == 0)
            return;

        // A pool that lasts, as its own programs have, or it would start threads for every token. The context goes on holding
        // the last pool it used, so none is freed before the context.
        if (!_pools.TryGetValue(threads, out var pool))
        {
            var parameters = _library.PoolDefaults(threads);
            pool = (nint)((delegate* unmanaged<ThreadPoolParameters*, void*>)_library.NewPool)(&parameters);
            _pools.Add(threads, pool);
        }

        _library.AttachPool(_context, (void*)pool, (void*)pool);
    }

    public void Rest()
    {
        if (_threads > 1)
            Thread.Sleep(PoolSpinning);
    }

    public void Reset() => _library.ClearMemory(_library.Memory(_context), 1);

    public ReadOnlySpan<float> Step(int token) => Prefill([token]);

    public ReadOnlySpan<float> Prefill(scoped ReadOnlySpan<int> tokens)
    {
        fixed (int* first = tokens)
        {
            var result = _library.Decode(_context, new LlamaBatch { TokenCount = tokens.Length, Tokens = first });
            if (result != 0)
                throw new InvalidOperationException($"llama_decode answered {result}");
        }

        return new ReadOnlySpan<float>(_library.Logits(_context, -1), _vocabulary);
    }

    public void Dispose()
    {
        _library.FreeContext(_context);
        foreach (var pool in _pools.Values)
            ((delegate* unmanaged<void*, void>)_library.FreePool)((void*)pool);
        _library.FreeModel(_model);
    }
}
