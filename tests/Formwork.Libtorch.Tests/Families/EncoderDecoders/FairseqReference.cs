using System.Text.Json.Nodes;
using Formwork.Libtorch.Tests.Families.Blocks;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>
/// What BART, mBART, Marian, M2M-100 and Whisper have in common: the layers and the config's keys. They differ in what comes before the layers
/// and after them.
/// </summary>
public abstract class FairseqReference(string name, JsonObject config) : EncoderDecoderReference(name, config)
{
    /// <summary>Whether norms stand before the parts.</summary>
    protected abstract bool NormFirst { get; }

    /// <summary>The residual stream's width.</summary>
    protected int Width => Config.Integer("d_model");

    /// <summary>What token vectors are multiplied by.</summary>
    protected double EmbeddingScale => Config.Flag("scale_embedding", false) ? Math.Sqrt(Width) : 1;

    /// <summary>The vectors that the encoder's layers start from, <c>[batch, length, width]</c>.</summary>
    protected abstract Tensor EmbedSource(TinyWeights weights, Tensor source, Tensor sourceMask);

    /// <summary>The vectors that the decoder's layers start from, <c>[batch, target length, width]</c>.</summary>
    protected abstract Tensor EmbedTarget(TinyWeights weights, Tensor target);

    /// <summary>Logits of the decoder's last states.</summary>
    protected abstract Tensor Project(TinyWeights weights, Tensor states);

    /// <inheritdoc/>
    public override Tensor Encode(TinyWeights weights, Tensor source, Tensor sourceMask)
    {
        Tensor x = EmbedSource(weights, source, sourceMask), visible = Masks.Tokens(sourceMask);
        FairseqLayers layers = Layers("encoder");
        for (int layer = 0; layer < Config.Integer("encoder_layers"); layer++)
            x = layers.Encode(x, weights.Below($"model.encoder.layers.{layer}."), visible);
        return NormFirst ? FairseqLayers.Norm(x, weights, "model.encoder.layer_norm") : x;
    }

    /// <inheritdoc/>
    public override DecoderPass Decode(TinyWeights weights, Tensor memory, Tensor sourceMask, Tensor target)
    {
        Tensor x = EmbedTarget(weights, target), visible = Masks.Causal(ones_like(target)), sourceVisible = Masks.Tokens(sourceMask);
        var patterns = new List<Tensor>();
        FairseqLayers layers = Layers("decoder");
        for (int layer = 0; layer < Config.Integer("decoder_layers"); layer++)
            x = layers.Decode(x, memory, weights.Below($"model.decoder.layers.{layer}."), visible, sourceVisible, patterns);
        return new DecoderPass(Project(weights, NormFirst ? FairseqLayers.Norm(x, weights, "model.decoder.layer_norm") : x), patterns);
    }

    /// <summary>The layers' tensors and, if norms stand first, the last norm's, of <c>encoder</c> or <c>decoder</c>.</summary>
    protected IEnumerable<TinyTensor> StackTensors(string stack, bool keyBias = true) =>
    [
        .. Enumerable.Range(0, Config.Integer($"{stack}_layers")).SelectMany(layer => FairseqLayers.Tensors(
            $"model.{stack}.layers.{layer}.", Width, Config.Integer($"{stack}_ffn_dim"), decoder: stack == "decoder", keyBias)),
        .. NormFirst ? TinyTensor.Norm($"model.{stack}.layer_norm", Width, bias: true) : [],
    ];

    /// <summary>A token table, of which vectors have a length of 1 after they are multiplied by √width, if they are.</summary>
    protected TinyTensor TokenTable(string name, string size = "vocab_size") => TinyTensor.Table(name, Config.Integer(size), Width, 1 / EmbeddingScale);

    /// <summary>0, 1, … for each token of a target, <c>[1, target length]</c>.</summary>
    protected static Tensor TargetPositions(Tensor target) => arange(target.shape[1], int64).unsqueeze(0);

    private FairseqLayers Layers(string stack) =>
        new(Config.Integer($"{stack}_attention_heads"), Config.Text("activation_function", "gelu"), NormFirst);
}
