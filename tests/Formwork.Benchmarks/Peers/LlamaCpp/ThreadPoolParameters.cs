using System.Runtime.InteropServices;

namespace Formwork.Benchmarks.Peers.LlamaCpp;

/// <summary>ggml.h's <c>ggml_threadpool_params</c>: taken from <c>ggml_threadpool_params_default</c> and passed on as it is.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1024)]
internal struct ThreadPoolParameters;
