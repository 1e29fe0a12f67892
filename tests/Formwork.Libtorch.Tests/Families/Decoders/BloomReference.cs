using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// BLOOM. Source: Le Scao et al., "BLOOM" (2022), section 3.2.2: a norm after the embedding, ALiBi instead of positions, tanh's gelu, tied. Queries, keys
/// and values are one matrix, head by head. Its 176B has 112 heads, which is no power of two, so this one has six.
/// </summary>
public sealed class BloomReference(JsonObject config) : DecoderReference("bloom", config)
{
    private int Width => Config.Integer("n_embed");

    private int HeadCount => Config.Integer("num_attention_heads");

    /// <summary>The keys of the published config.json files; a context is not among what the model needs.</summary>
    public static BloomReference Tiny() => new(new JsonObject
    {
        ["apply_residual_connection_post_layernorm"] = false,
        ["architectures"] = new JsonArray("BloomForCausalLM"),
        ["attention_dropout"] = 0.0,
        ["attention_softmax_in_fp32"] = true,
        ["bias_dropout_fusion"] = true,
        ["bos_token_id"] = 1,
        ["eos_token_id"] = 2,
        ["hidden_dropout"] = 0.0,
        ["initializer_range"] = 0.02,
        ["layer_norm_epsilon"] = 1e-5,
        ["masked_softmax_fusion"] = true,
        ["model_type"] = "bloom",
        ["n_embed"] = 48,
        ["n_inner"] = null,
        ["n_layer"] = 3,
        ["num_attention_heads"] = 6,
        ["offset_alibi"] = 100,
        ["pad_token_id"] = 3,
        ["pretraining_tp"] = 1,
        ["seq_length"] = 128,
        ["skip_bias_add"] = true,
        ["skip_bias_add_qkv"] = false,
        ["torch_dtype"] = "float32",
        ["unk_token_id"] = 0,
        ["use_cache"] = true,
        ["vocab_size"] = 96,
    });

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("word_embeddings.weight", Config.Integer("vocab_size"), Width),
        .. TinyTensor.Norm("word_embeddings_layernorm", Width, bias: true),
        .. Enumerable.Range(0, Config.Integer("n_layer")).SelectMany(layer => LayerTensors($"h.{layer}.")),
        .. TinyTensor.Norm("ln_f", Width, bias: true),
    ];

    /// <summary>
    /// A head's slope: 2^(−8/n), its powers; for n no power of two those of the next smaller one, then every other one of the next larger one.
    /// Source: Press et al., "Train short, test long" (2022), section 3, and <c>get_slopes</c> of ofirpress/attention_with_linear_biases.
    /// </summary>
    public static double[] Slopes(int heads)
    {
        int power = 1;
        while (2 * power <= heads)
            power *= 2;
        IEnumerable<double> first = Powers(power), between = Powers(2 * power).Where((_, index) => index % 2 == 0);
        return first.Concat(between).Take(heads).ToArray();

        static IEnumerable<double> Powers(int count) => Enumerable.Range(1, count).Select(index => Math.Pow(2, -8.0 * index / count));
    }

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask)
    {
        // −slope · distance; the distance itself, where the family's code adds slope · position, which softmax does not tell apart.
        Tensor positions = Masks.Positions(mask).to(weights.Type);
        Tensor distances = positions.unsqueeze(-1) - positions.unsqueeze(-2);
        Tensor bias = distances.unsqueeze(1) * -tensor(Slopes(HeadCount)).to(weights.Type).view(1, -1, 1, 1);
        Tensor x = Normed(weights.Rows(tokens, "word_embeddings"), weights, "word_embeddings_layernorm");
        for (int layer = 0; layer < Config.Integer("n_layer"); layer++)
        {
            TinyWeights block = weights.Below($"h.{layer}.");
            x = x + Attention(Normed(x, block, "input_layernorm"), block.Below("self_attention."), bias, mask);
            x = x + FeedForwards.Plain(
                Normed(x, block, "post_attention_layernorm"), block.Below("mlp."), "gelu_pytorch_tanh", "dense_h_to_4h", "dense_4h_to_h");
        }
        return nn.functional.linear(Normed(x, weights, "ln_f"), weights["word_embeddings.weight"]);
    }

    private IEnumerable<TinyTensor> LayerTensors(string path) =>
    [
        .. TinyTensor.Norm($"{path}input_layernorm", Width, bias: true),
        .. TinyTensor.Linear($"{path}self_attention.query_key_value", 3 * Width, Width, bias: true),
        .. TinyTensor.Linear($"{path}self_attention.dense", Width, Width, bias: true),
        .. TinyTensor.Norm($"{path}post_attention_layernorm", Width, bias: true),
        .. TinyTensor.Linear($"{path}mlp.dense_h_to_4h", 4 * Width, Width, bias: true),
        .. TinyTensor.Linear($"{path}mlp.dense_4h_to_h", Width, 4 * Width, bias: true),
    ];

    private Tensor Attention(Tensor x, TinyWeights weights, Tensor bias, Tensor mask)
    {
        Tensor[] parts = ByHead.Split(weights.Linear(x, "query_key_value"), HeadCount).chunk(3, -1);
        return weights.Linear(new ScaledAttention { Bias = bias }.Attend(parts[0], parts[1], parts[2], Masks.Causal(mask)), "dense");
    }

    private Tensor Normed(Tensor x, TinyWeights weights, string path) => Norms.Layer(x, weights, path, Config.Number("layer_norm_epsilon"));
}
