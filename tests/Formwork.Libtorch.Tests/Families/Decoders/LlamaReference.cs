using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>
/// Llama 2 and 3, and what families that grew out of it change. Source: Touvron et al., "Llama 2" (2023), section 2.2, and meta-llama's
/// model.py: RMS norms before each part and a last one, rotary positions, grouped heads, gated silu, no biases.
/// </summary>
public class LlamaReference(string name, JsonObject config) : DecoderReference(name, config)
{
    /// <summary>Width of the residual stream.</summary>
    protected int Width => Config.Integer("hidden_size");

    /// <summary>Query heads.</summary>
    protected int HeadCount => Config.Integer("num_attention_heads");

    /// <summary>Key and value heads; as many as query heads if the config does not say.</summary>
    protected int KeyValueHeads => Config.Integer("num_key_value_heads", HeadCount);

    /// <summary>Numbers of a head.</summary>
    protected int HeadWidth => Config.Integer("head_dim", Width / HeadCount);

    /// <summary>Layers.</summary>
    protected int Layers => Config.Integer("num_hidden_layers");

    /// <summary>Tokens of the vocabulary.</summary>
    protected int Vocabulary => Config.Integer("vocab_size");

    /// <summary>Whether the token table is the output matrix too, and no other is stored.</summary>
    protected virtual bool Tied => Config.Flag("tie_word_embeddings", false);

    /// <summary>Whether queries, keys and values have biases.</summary>
    protected virtual bool InputBias => Config.Flag("attention_bias", false);

    /// <summary>Whether attention's output has a bias.</summary>
    protected virtual bool OutputBias => Config.Flag("attention_bias", false);

    /// <summary>The norms of a layer, all of the model's width.</summary>
    protected virtual string[] LayerNorms => ["input_layernorm", "post_attention_layernorm"];

    /// <summary>How large embeddings are, such that the residual stream's start is as large as what parts add.</summary>
    protected virtual double EmbeddingDeviation => 1;

    /// <summary>What norms' gains are around.</summary>
    protected virtual double GainMean => 1;

    /// <inheritdoc/>
    public override IEnumerable<TinyTensor> Tensors =>
    [
        TinyTensor.Table("model.embed_tokens.weight", Vocabulary, Width, EmbeddingDeviation),
        .. Enumerable.Range(0, Layers).SelectMany(layer => LayerTensors($"model.layers.{layer}.", layer)),
        TinyTensor.Gain("model.norm.weight", Width, GainMean),
        .. Tied ? [] : TinyTensor.Linear("lm_head", Vocabulary, Width),
    ];

    /// <summary>Llama 2: as many key/value heads as heads, as in its 7B.</summary>
    public static LlamaReference Llama2() => new("llama2", TinyConfig.Decoder("LlamaForCausalLM", "llama",
        ("num_key_value_heads", 4), ("pretraining_tp", 1)));

    /// <summary>Llama 3.2's small ones: grouped heads, tied, head width of its own, scaled rotary.</summary>
    public static LlamaReference Llama3() => new("llama3", TinyConfig.Decoder("LlamaForCausalLM", "llama",
        ("attention_bias", false), ("mlp_bias", false), ("head_dim", 16), ("rope_theta", 500000.0), ("tie_word_embeddings", true),
        ("rope_scaling", new JsonObject
        {
            ["factor"] = 8.0,
            ["high_freq_factor"] = 4.0,
            ["low_freq_factor"] = 1.0,
            ["original_max_position_embeddings"] = 64,
            ["rope_type"] = "llama3",
        })));

    /// <inheritdoc/>
    public override Tensor Logits(TinyWeights weights, Tensor tokens, Tensor mask)
    {
        Tensor x = Embedded(weights, tokens);
        for (int layer = 0; layer < Layers; layer++)
            x = Block(x, weights.Below($"model.layers.{layer}."), layer, mask);
        x = Normed(x, weights["model.norm.weight"]);
        return nn.functional.linear(x, weights[Tied ? "model.embed_tokens.weight" : "lm_head.weight"]);
    }

    /// <summary>A layer's tensors.</summary>
    protected virtual IEnumerable<TinyTensor> LayerTensors(string path, int layer) =>
    [
        .. LayerNorms.Select(norm => TinyTensor.Gain($"{path}{norm}.weight", Width, GainMean)),
        .. AttentionTensors($"{path}self_attn."),
        .. FeedForwardTensors(path, layer),
    ];

    /// <summary>Attention's tensors.</summary>
    protected virtual IEnumerable<TinyTensor> AttentionTensors(string path) =>
    [
        .. TinyTensor.Linear($"{path}q_proj", HeadCount * HeadWidth, Width, InputBias),
        .. TinyTensor.Linear($"{path}k_proj", KeyValueHeads * HeadWidth, Width, InputBias),
        .. TinyTensor.Linear($"{path}v_proj", KeyValueHeads * HeadWidth, Width, InputBias),
        .. TinyTensor.Linear($"{path}o_proj", Width, HeadCount * HeadWidth, OutputBias),
    ];

    /// <summary>The feed-forward part's tensors; <paramref name="path"/> is the layer's.</summary>
    protected virtual IEnumerable<TinyTensor> FeedForwardTensors(string path, int layer) =>
        GatedTensors($"{path}mlp.", Config.Integer("intermediate_size"), Config.Flag("mlp_bias", false));

    /// <summary>A gated feed-forward part's tensors.</summary>
    protected IEnumerable<TinyTensor> GatedTensors(string path, int hidden, bool bias = false) =>
    [
        .. TinyTensor.Linear($"{path}gate_proj", hidden, Width, bias),
        .. TinyTensor.Linear($"{path}up_proj", hidden, Width, bias),
        .. TinyTensor.Linear($"{path}down_proj", Width, hidden, bias),
    ];

    /// <summary>The residual stream's start.</summary>
    protected virtual Tensor Embedded(TinyWeights weights, Tensor tokens) => weights.Rows(tokens, "model.embed_tokens");

    /// <summary>One layer.</summary>
    protected virtual Tensor Block(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        x = x + Attention(Normed(x, weights["input_layernorm.weight"]), weights.Below("self_attn."), layer, mask);
        return x + FeedForward(Normed(x, weights["post_attention_layernorm.weight"]), weights, layer);
    }

    /// <summary>A layer's attention on normed rows.</summary>
    protected virtual Tensor Attention(Tensor x, TinyWeights weights, int layer, Tensor mask)
    {
        Tensor query = QueryNormed(weights.Linear(x, "q_proj"), HeadCount, "q_norm.weight", weights);
        Tensor key = QueryNormed(weights.Linear(x, "k_proj"), KeyValueHeads, "k_norm.weight", weights);
        Tensor value = ByHead.Split(weights.Linear(x, "v_proj"), KeyValueHeads);
        if (RotaryOf(layer, (int)mask.sum(1).max().item<long>()) is { } rotary)
        {
            Tensor positions = Masks.Positions(mask);
            (query, key) = (rotary.TurnHalves(query, positions), rotary.TurnHalves(key, positions));
        }
        return weights.Linear(Scores(weights).Attend(query, key, value, Masks.Causal(mask, Window(layer))), "o_proj");
    }

    /// <summary>Queries or keys by head, normed where the family does that.</summary>
    protected virtual Tensor QueryNormed(Tensor rows, int heads, string gain, TinyWeights weights) => ByHead.Split(rows, heads);

    /// <summary>How scores become weights.</summary>
    protected virtual ScaledAttention Scores(TinyWeights weights) => new();

    /// <summary>The layer's window; null for none.</summary>
    protected virtual int? Window(int layer) => null;

    /// <summary>The layer's rotary positions, for sequences no longer than <paramref name="length"/>; null for none.</summary>
    protected virtual Rotary? RotaryOf(int layer, int length) => RotaryScaling.Of(Config, HeadWidth, length);

    /// <summary>A layer's feed-forward part on normed rows; the weights are the layer's.</summary>
    protected virtual Tensor FeedForward(Tensor x, TinyWeights weights, int layer) =>
        FeedForwards.Gated(x, weights.Below("mlp."), Config.Text("hidden_act", "silu"));

    /// <summary>The family's norm.</summary>
    protected virtual Tensor Normed(Tensor x, Tensor gain) => Norms.Rms(x, gain, Config.Number("rms_norm_eps"));
}
