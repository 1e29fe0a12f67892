using BenchmarkDotNet.Attributes;
using Formwork.Runtime.Sampling;

namespace Formwork.Benchmarks.Methods;

/// <summary>Choosing one token of GPT-2's vocabulary.</summary>
[MemoryDiagnoser]
public class SamplerBenchmarks
{
    private const int Vocabulary = 50_257;
    private readonly float[] _source = new float[Vocabulary];
    private readonly float[] _logits = new float[Vocabulary];
    private readonly int[] _history = new int[256];
    private Sampler _sampler = null!;

    /// <summary>How tokens are chosen.</summary>
    [Params("greedy", "temperature", "top-k 40", "top-p 0.9", "min-p 0.05", "penalties")]
    public string Way { get; set; } = "";

    /// <summary>Logits as a model's: a bell, and a few tokens far above it.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        for (var token = 0; token < Vocabulary; token++)
            _source[token] = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 4 + (token % 1000 == 0 ? 8 : 0);
        for (var place = 0; place < _history.Length; place++)
            _history[place] = random.Next(Vocabulary);
        var seeded = new SamplingOptions { Seed = 1 };
        _sampler = new Sampler(Way switch
        {
            "greedy" => seeded with { Temperature = 0 },
            "temperature" => seeded with { Temperature = 0.8f },
            "top-k 40" => seeded with { TopK = 40 },
            "top-p 0.9" => seeded with { TopP = 0.9f },
            "min-p 0.05" => seeded with { MinP = 0.05f },
            _ => seeded with { Temperature = 0, RepetitionPenalty = 1.1f },
        });
    }

    /// <summary>One token; the copy that restores the logits is part of it.</summary>
    [Benchmark]
    public int Sample()
    {
        _source.CopyTo(_logits, 0);
        return _sampler.Sample(_logits, _history);
    }
}
