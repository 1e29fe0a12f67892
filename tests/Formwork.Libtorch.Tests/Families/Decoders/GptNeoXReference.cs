using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// GPT-NeoX and Pythia. Source: Black et al., "GPT-NeoX-20B" (2022), section 2.1: attention and feed-forward side by side, each on a norm of its own,
/// a quarter of each head turned, erf's gelu, an output matrix of its own. Queries, keys and values are one matrix, head by head.
/// </summary>
public sealed class GptNeoXReference(JsonObject config) : DecoderReference("gpt_neox", config)
{
    private int Width => Config.Integer("hidden_size");

    private int HeadCount => Config.Integer("num_attention_heads");

    private int RotaryWidth => (int)(Width / HeadCount * Config.Number("rotary_pct"));

    /// <summary>As Pythia.</summary>
    public static GptNeoXReference Tiny() => new(TinyConfig.Decoder("GPTNeoXForCausalLM", "gpt_neox",
        ("bos_token_id", 0), ("eos_token_id", 0), ("hidden_act", "gelu"), ("layer_norm_eps", 1e-5), ("num_attention_heads", 3),
        ("rotary_emb_base", 10000), ("rotary_pct", 0.25), ("use_parallel_residual", true))
        .Without("num_key_value_heads", "rms_norm_eps", "rope_scaling", "rope_theta", "attention_dropout"));

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("gpt_neox.embed_in.weight", Config.Integer("vocab_size"), Width),
        .. Enumerable.Range(0, Config.Integer("num_hidden_layers")).SelectMany(layer => LayerTensors($"gpt_neox.layers.{layer}.")),
        .. TinyTensor.Norm("gpt_neox.final_layer_norm", Width, bias: true),
        .. TinyTensor.Linear("embed_out", Config.Integer("vocab_size"), Width),
    ];

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask)
    {
        Tensor x = weights.Rows(tokens, "gpt_neox.embed_in");
        for (int layer = 0; layer < Config.Integer("num_hidden_layers"); layer++)
        {
            TinyWeights block = weights.Below($"gpt_neox.layers.{layer}.");
            Tensor attended = Attention(Normed(x, block, "input_layernorm"), block.Below("attention."), mask);
            Tensor fed = FeedForwards.Plain(Normed(x, block, "post_attention_layernorm"), block.Below("mlp."),
                Config.Text("hidden_act", "gelu"), "dense_h_to_4h", "dense_4h_to_h");
            x = x + attended + fed;
        }
        return weights.Linear(Normed(x, weights, "gpt_neox.final_layer_norm"), "embed_out");
    }

    private IEnumerable<TinyTensor> LayerTensors(string path)
    {
        int hidden = Config.Integer("intermediate_size"), context = Config.Integer("max_position_embeddings");
        return
        [
            .. TinyTensor.Norm($"{path}input_layernorm", Width, bias: true),
            .. TinyTensor.Norm($"{path}post_attention_layernorm", Width, bias: true),
            // Pythia's files have these buffers too, which were constants of the code of that time.
            TinyTensor.Unread($"{path}attention.bias", 1, 1, context, context),
            TinyTensor.Unread($"{path}attention.masked_bias"),
            TinyTensor.Unread($"{path}attention.rotary_emb.inv_freq", RotaryWidth / 2),
            .. TinyTensor.Linear($"{path}attention.query_key_value", 3 * Width, Width, bias: true),
            .. TinyTensor.Linear($"{path}attention.dense", Width, Width, bias: true),
            .. TinyTensor.Linear($"{path}mlp.dense_h_to_4h", hidden, Width, bias: true),
            .. TinyTensor.Linear($"{path}mlp.dense_4h_to_h", Width, hidden, bias: true),
        ];
    }

    private Tensor Attention(Tensor x, TinyWeights weights, Tensor mask)
    {
        Tensor[] parts = ByHead.Split(weights.Linear(x, "query_key_value"), HeadCount).chunk(3, -1);
        Rotary rotary = RotaryScaling.Plain(Config.Number("rotary_emb_base"), RotaryWidth);
        Tensor positions = Masks.Positions(mask);
        Tensor attended = new ScaledAttention().Attend(
            rotary.TurnHalves(parts[0], positions), rotary.TurnHalves(parts[1], positions), parts[2], Masks.Causal(mask));
        return weights.Linear(attended, "dense");
    }

    private Tensor Normed(Tensor x, TinyWeights weights, string path) => Norms.Layer(x, weights, path, Config.Number("layer_norm_eps"));
}
