using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>References with trained weights give the logits that were computed outside of this project.</summary>
public class PublishedDecoderTests : FamilyTest
{
    // The golden numbers are float64 ones, written down as float32 or with seven digits after the point.
    private const double GoldenTolerance = 1e-6;

    [LibtorchDataFact("stories260K-hf", "stories260K")]
    public void LlamaGivesTheLogitsOfTheStories()
    {
        const int Count = 32;
        var llama = new LlamaReference("stories260K", Config("stories260K-hf"));
        JsonNode golden = JsonNode.Parse(File.ReadAllText(TestData.Path("stories260K", "golden", "g01.json")))!;
        int[] prompt = golden["per_step"]!.AsArray().Take(Count).Select(step => (int)step!["in"]!).ToArray();

        double[] found = Run(llama, "stories260K-hf", prompt);

        byte[] stored = File.ReadAllBytes(TestData.Path("stories260K-hf", "g01_logits_first32_f64ref.f32"));
        double[] expected = MemoryMarshal.Cast<byte, float>(stored).ToArray().Select(value => (double)value).ToArray();
        Agree(expected, found, GoldenTolerance);
    }

    [LibtorchDataFact("capp-gpt2")]
    public void Gpt2GivesTheLogitsOfTheProcessChains()
    {
        var gpt2 = new Gpt2Reference(Config("capp-gpt2"));
        foreach (JsonNode? run in JsonNode.Parse(File.ReadAllText(TestData.Path("capp-gpt2", "golden.json")))!.AsArray())
        {
            int promptLength = Ids(run!["prompt_tokens"]!).Length;
            int[] ids = Ids(run["output_tokens"]!)[..^1];
            double[] expected = run["steps"]!.AsArray().SelectMany(step => step!["logits"].Deserialize<double[]>()!).ToArray();

            double[] found = Run(gpt2, "capp-gpt2", ids);

            Agree(expected, found[((promptLength - 1) * 53)..], GoldenTolerance);
        }
    }

    private static double[] Run(DecoderReference family, string folder, int[] ids)
    {
        using Checkpoint checkpoint = Checkpoint.Open(TestData.Path(folder));
        (Tensor tokens, Tensor mask) = Padded([ids]);
        return Numbers(family.Logits(TinyWeights.Read(checkpoint, ScalarType.Float64), tokens, mask));
    }

    private static JsonObject Config(string folder) => JsonNode.Parse(File.ReadAllText(TestData.Path(folder, "config.json")))!.AsObject();

    private static int[] Ids(JsonNode list) => list.Deserialize<int[]>()!;
}
