using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>
/// BERT's embeddings, layer and heads under BERT's tensor names, which RoBERTa and its kin share.
/// Source: Devlin et al., "BERT" (2019), section 3 and appendix A.2; google-research/bert, modeling.py.
/// </summary>
public static class BertParts
{
    /// <summary>norm(token + position + type).</summary>
    /// <param name="embeddings">The tensors below <c>embeddings.</c>.</param>
    /// <param name="tokens"><c>[batch, length]</c>.</param>
    /// <param name="positions">Rows of the position table, <c>[batch, length]</c>.</param>
    /// <param name="types"><c>[batch, length]</c>.</param>
    /// <param name="epsilon">The norm's.</param>
    public static Tensor Embed(TinyWeights embeddings, Tensor tokens, Tensor positions, Tensor types, double epsilon) => Norm(
        embeddings.Rows(tokens, "word_embeddings") + embeddings.Rows(positions, "position_embeddings") + embeddings.Rows(types, "token_type_embeddings"),
        embeddings, "LayerNorm", epsilon);

    /// <summary>norm(x + attention(x)), then norm(x + feedForward(x)).</summary>
    /// <param name="x"><c>[batch, length, width]</c>.</param>
    /// <param name="layer">The tensors below <c>encoder.layer.N.</c>.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="activation">The config's <c>hidden_act</c>.</param>
    /// <param name="epsilon">The norms'.</param>
    /// <param name="visible">As for <see cref="ScaledAttention.Attend"/>.</param>
    public static Tensor Layer(Tensor x, TinyWeights layer, int heads, string activation, double epsilon, Tensor visible)
    {
        Tensor Split(string part) => ByHead.Split(layer.Linear(x, $"attention.self.{part}"), heads);
        Tensor attended = new ScaledAttention().Attend(Split("query"), Split("key"), Split("value"), visible);
        x = Norm(x + layer.Linear(attended, "attention.output.dense"), layer, "attention.output.LayerNorm", epsilon);
        return Norm(x + FeedForwards.Plain(x, layer, activation, "intermediate.dense", "output.dense"), layer, "output.LayerNorm", epsilon);
    }

    /// <summary>A norm whose tensors are called <c>weight</c> and <c>bias</c>, or, as TensorFlow had them, <c>gamma</c> and <c>beta</c>.</summary>
    public static Tensor Norm(Tensor x, TinyWeights weights, string path, double epsilon) => weights.Has($"{path}.gamma")
        ? nn.functional.layer_norm(x, [x.shape[^1]], weights[$"{path}.gamma"], weights[$"{path}.beta"], epsilon)
        : Norms.Layer(x, weights, path, epsilon);

    /// <summary>The tensors of <see cref="Embed"/>.</summary>
    public static IEnumerable<TinyTensor> EmbeddingTensors(string path, int width, int vocabulary, int positions, int types, bool gamma = false) =>
    [
        TinyTensor.Table($"{path}word_embeddings.weight", vocabulary, width),
        TinyTensor.Table($"{path}position_embeddings.weight", positions, width),
        TinyTensor.Table($"{path}token_type_embeddings.weight", types, width),
        .. NormTensors($"{path}LayerNorm", width, gamma),
    ];

    /// <summary>The tensors of <see cref="Layer"/>.</summary>
    public static IEnumerable<TinyTensor> LayerTensors(string path, int width, int hidden, bool gamma = false) =>
    [
        .. TinyTensor.Linear($"{path}attention.self.query", width, width, bias: true),
        .. TinyTensor.Linear($"{path}attention.self.key", width, width, bias: true),
        .. TinyTensor.Linear($"{path}attention.self.value", width, width, bias: true),
        .. TinyTensor.Linear($"{path}attention.output.dense", width, width, bias: true),
        .. NormTensors($"{path}attention.output.LayerNorm", width, gamma),
        .. TinyTensor.Linear($"{path}intermediate.dense", hidden, width, bias: true),
        .. TinyTensor.Linear($"{path}output.dense", width, hidden, bias: true),
        .. NormTensors($"{path}output.LayerNorm", width, gamma),
    ];

    /// <summary>The tensors of <see cref="Norm"/>.</summary>
    public static IEnumerable<TinyTensor> NormTensors(string path, int width, bool gamma = false) => gamma
        ? [TinyTensor.Gain($"{path}.gamma", width), TinyTensor.Bias($"{path}.beta", width)]
        : TinyTensor.Norm(path, width, bias: true);
}
