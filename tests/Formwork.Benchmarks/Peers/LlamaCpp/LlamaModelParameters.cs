using System.Runtime.InteropServices;

namespace Formwork.Benchmarks.Peers.LlamaCpp;

/// <summary>llama.h's <c>llama_model_params</c>: taken from <c>llama_model_default_params</c> and passed on as it is (mapped file, repacked weights).</summary>
[StructLayout(LayoutKind.Sequential, Size = 512)]
internal struct LlamaModelParameters;
