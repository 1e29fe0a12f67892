using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// The layers of fairseq's translation models under the names that BART's, mBART's, Marian's, M2M-100's and Whisper's checkpoints share; their
/// norms have an epsilon of 1e-5. Source: Vaswani et al. (2017), section 3.1, for norms behind each part; Xiong et al., "On layer normalization
/// in the transformer architecture" (2020), figure 1, for norms before it.
/// </summary>
/// <param name="Heads">Attention heads.</param>
/// <param name="Activation">The config's <c>activation_function</c>.</param>
/// <param name="NormFirst">Whether norms stand before the parts.</param>
public sealed record FairseqLayers(int Heads, string Activation, bool NormFirst)
{
    private const double Epsilon = 1e-5;

    /// <summary>A layer of the encoder.</summary>
    /// <param name="x"><c>[batch, length, width]</c>.</param>
    /// <param name="layer">The tensors below <c>encoder.layers.N.</c>.</param>
    /// <param name="visible">As for <see cref="ScaledAttention.Attend"/>.</param>
    public Tensor Encode(Tensor x, TinyWeights layer, Tensor visible)
    {
        SeparateAttention attention = SeparateAttention.Fairseq(Heads);
        x = Part(x, layer, "self_attn_layer_norm", y => attention.Run(y, y, layer.Below("self_attn."), visible).Output);
        return Part(x, layer, "final_layer_norm", y => FeedForwards.Plain(y, layer, Activation, "fc1", "fc2"));
    }

    /// <summary>A layer of the decoder.</summary>
    /// <param name="x"><c>[batch, target length, width]</c>.</param>
    /// <param name="memory">The encoder's result, <c>[batch, source length, width]</c>.</param>
    /// <param name="layer">The tensors below <c>decoder.layers.N.</c>.</param>
    /// <param name="visible">Of the target, as for <see cref="ScaledAttention.Attend"/>.</param>
    /// <param name="sourceVisible">Of the source.</param>
    /// <param name="patterns">Where the cross-attention's weights are added.</param>
    public Tensor Decode(Tensor x, Tensor memory, TinyWeights layer, Tensor visible, Tensor sourceVisible, List<Tensor> patterns)
    {
        SeparateAttention attention = SeparateAttention.Fairseq(Heads);
        x = Part(x, layer, "self_attn_layer_norm", y => attention.Run(y, y, layer.Below("self_attn."), visible).Output);
        x = Part(x, layer, "encoder_attn_layer_norm", y =>
        {
            (Tensor output, Tensor pattern) = attention.Run(y, memory, layer.Below("encoder_attn."), sourceVisible);
            patterns.Add(pattern);
            return output;
        });
        return Part(x, layer, "final_layer_norm", y => FeedForwards.Plain(y, layer, Activation, "fc1", "fc2"));
    }

    /// <summary>A norm of these models outside of layers.</summary>
    public static Tensor Norm(Tensor x, TinyWeights weights, string path) => Norms.Layer(x, weights, path, Epsilon);

    /// <summary>The tensors of <see cref="Encode"/>, or with <paramref name="decoder"/> of <see cref="Decode"/>.</summary>
    public static IEnumerable<TinyTensor> Tensors(string path, int width, int hidden, bool decoder, bool keyBias = true) =>
    [
        .. AttentionTensors($"{path}self_attn.", width, keyBias),
        .. TinyTensor.Norm($"{path}self_attn_layer_norm", width, bias: true),
        .. decoder ? AttentionTensors($"{path}encoder_attn.", width, keyBias) : [],
        .. decoder ? TinyTensor.Norm($"{path}encoder_attn_layer_norm", width, bias: true) : [],
        .. TinyTensor.Linear($"{path}fc1", hidden, width, bias: true),
        .. TinyTensor.Linear($"{path}fc2", width, hidden, bias: true),
        .. TinyTensor.Norm($"{path}final_layer_norm", width, bias: true),
    ];

    private static IEnumerable<TinyTensor> AttentionTensors(string path, int width, bool keyBias) =>
    [
        .. TinyTensor.Linear($"{path}k_proj", width, width, keyBias),
        .. TinyTensor.Linear($"{path}v_proj", width, width, bias: true),
        .. TinyTensor.Linear($"{path}q_proj", width, width, bias: true),
        .. TinyTensor.Linear($"{path}out_proj", width, width, bias: true),
    ];

    private Tensor Part(Tensor x, TinyWeights layer, string norm, Func<Tensor, Tensor> part) =>
        NormFirst ? x + part(Norm(x, layer, norm)) : Norm(x + part(x), layer, norm);
}
