using BenchmarkDotNet.Attributes;
using Formwork.Runtime.Tokenization;
using Formwork.TestSupport;

namespace Formwork.Benchmarks.Methods;

/// <summary>Encoding and decoding 100,000 characters of Shakespeare. Needs the test data (see <see cref="TestData"/>).</summary>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private const int Characters = 100_000;
    private TextTokenizer _tokenizer = null!;
    private string _text = "";
    private int[] _tokens = [];

    /// <summary>Which vocabulary.</summary>
    [Params("gpt2-bpe", "llama-tokenizer")]
    public string Vocabulary { get; set; } = "";

    /// <summary>Reads vocabulary and text.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var kind = Vocabulary == "gpt2-bpe" ? TokenizerKind.ByteBpe : TokenizerKind.SentencePiece;
        _tokenizer = TokenizerLoader.Load(new TokenizerDescription(kind, null, null, null, []), TestData.Path(Vocabulary))!;
        _text = File.ReadAllText(TestData.Path("tinyshakespeare", "input.txt"))[..Characters];
        _tokens = [.. _tokenizer.Encode(_text)];
    }

    /// <summary>Text to ids.</summary>
    [Benchmark]
    public int Encode() => _tokenizer.Encode(_text).Count;

    /// <summary>Ids to text.</summary>
    [Benchmark]
    public int Decode() => _tokenizer.Decode(_tokens).Length;
}
