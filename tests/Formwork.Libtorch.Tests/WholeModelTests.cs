using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Formwork.Libtorch.Tests;

/// <summary>GPT-2 and Llama written in PyTorch's manner, block by block and whole, agree with the graphs that their specs become.</summary>
public class WholeModelTests : TorchTest
{
    private static readonly int[] Prompt = [3, 52, 0, 17, 17, 8, 41, 5, 29];

    [LibtorchTheory]
    [InlineData(32, 2, 4)]
    [InlineData(24, 3, 2)]
    [InlineData(40, 1, 1)]
    public void Gpt2Agrees(int width, int layers, int heads) =>
        Check(SmallSpecs.Gpt2(width: width, layers: layers, heads: heads), Gpt2);

    [LibtorchTheory]
    [InlineData(32, 2, 4, 2, RotaryPairing.Half)]
    [InlineData(32, 2, 4, 2, RotaryPairing.Interleaved)]
    [InlineData(24, 3, 6, 1, RotaryPairing.Half)]
    [InlineData(48, 1, 2, 2, RotaryPairing.Interleaved)]
    public void LlamaAgrees(int width, int layers, int heads, int keyValueHeads, RotaryPairing pairing) => Check(
        SmallSpecs.Llama(width: width, layers: layers, heads: heads, keyValueHeads: keyValueHeads)
            .WithAttention(attention => attention with { Rotary = attention.Rotary! with { Pairing = pairing } }),
        Llama);

    /// <summary>Both agree at every block's end too, so that a fault says where it is.</summary>
    private static void Check(ModelSpec spec, Func<ModelSpec, Dictionary<string, Tensor>, Action<int, Tensor>, Tensor> model)
    {
        ModelGraph graph = GraphBuilder.Build(spec);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 5);
        NodeValues values = GraphInterpreter.Run(graph, parameters, Prompt);

        Tensor logits = model(spec, Tensors(graph, parameters), (layer, x) => Agree(values[$"layers.{layer}.feed_forward.residual"], x));

        Agree(values.Logits, logits);
        Assert.InRange(values.Logits.Average(Math.Abs), 0.1, 10);
    }

    private static Tensor Gpt2(ModelSpec spec, Dictionary<string, Tensor> given, Action<int, Tensor> afterBlock)
    {
        Tensor x = given["embedding.token"][tensor(Prompt, int64)] + given["embedding.position"].slice(0, 0, Prompt.Length, 1);
        for (int layer = 0; layer < spec.Decoder!.Layers.Count; layer++)
        {
            int heads = spec.Decoder.Layers[layer].Attention.Heads;
            string attention = $"layers.{layer}.attention", feedForward = $"layers.{layer}.feed_forward";
            Tensor h = Normed(x, $"{attention}.norm");
            Tensor attended = TorchFormulas.Attention(
                Projected(h, $"{attention}.query"), Projected(h, $"{attention}.key"), Projected(h, $"{attention}.value"), heads, heads, causal: true);
            x = x + Projected(attended, $"{attention}.output");
            Tensor hidden = functional.gelu(Projected(Normed(x, $"{feedForward}.norm"), $"{feedForward}.up"), TorchSharp.Modules.GELU.Approximate.tanh);
            x = x + Projected(hidden, $"{feedForward}.down");
            afterBlock(layer, x);
        }
        return Normed(x, "final_norm").matmul(given["embedding.token"].t());

        Tensor Normed(Tensor value, string path) =>
            functional.layer_norm(value, [spec.Width], given[$"{path}.weight"], given[$"{path}.bias"], 1e-5);
        Tensor Projected(Tensor value, string path) => functional.linear(value, given[$"{path}.weight"], given[$"{path}.bias"]);
    }

    private static Tensor Llama(ModelSpec spec, Dictionary<string, Tensor> given, Action<int, Tensor> afterBlock)
    {
        Tensor x = given["embedding.token"][tensor(Prompt, int64)];
        for (int layer = 0; layer < spec.Decoder!.Layers.Count; layer++)
        {
            AttentionSpec shape = spec.Decoder.Layers[layer].Attention;
            string attention = $"layers.{layer}.attention", feedForward = $"layers.{layer}.feed_forward";
            Tensor h = Normed(x, $"{attention}.norm");
            Tensor query = TorchFormulas.Rotate(Projected(h, $"{attention}.query"), shape.Heads, shape.Rotary!);
            Tensor key = TorchFormulas.Rotate(Projected(h, $"{attention}.key"), shape.KeyValueHeads, shape.Rotary!);
            Tensor value = Projected(h, $"{attention}.value");
            x = x + Projected(TorchFormulas.Attention(query, key, value, shape.Heads, shape.KeyValueHeads, causal: true), $"{attention}.output");
            h = Normed(x, $"{feedForward}.norm");
            Tensor hidden = functional.silu(Projected(h, $"{feedForward}.gate")) * Projected(h, $"{feedForward}.up");
            x = x + Projected(hidden, $"{feedForward}.down");
            afterBlock(layer, x);
        }
        return Projected(Normed(x, "final_norm"), "unembedding");

        Tensor Normed(Tensor value, string path) => TorchFormulas.RmsNorm(value, given[$"{path}.weight"], 1e-5);
        Tensor Projected(Tensor value, string path) => functional.linear(value, given[$"{path}.weight"]);
    }
}
