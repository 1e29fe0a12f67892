using Formwork.Libtorch.Tests.Families.Blocks;
using Formwork.Libtorch.Tests.Families.EncoderDecoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>libtorch's own <c>nn.Transformer</c> between the embeddings and the output of the paper's model.</summary>
internal static class LibtorchTransformer
{
    /// <summary>Logits <c>[batch, target length, vocabulary]</c>, in float64.</summary>
    public static Tensor Logits(VaswaniReference family, TinyWeights weights, Tensor source, Tensor sourceMask, Tensor target)
    {
        using Transformer transformer = nn.Transformer(family.Width, family.Heads, family.Layers, family.Layers, family.Hidden, dropout: 0);
        ModuleWeights.Fill(transformer, name => weights[ModuleWeights.CanonicalName(name)]);
        Tensor hidden = sourceMask.eq(0);
        Tensor causal = triu(full(target.shape[1], target.shape[1], double.NegativeInfinity, float64), 1);
        Tensor decoded = transformer.call(
            family.Embed(weights, source, Masks.Positions(sourceMask)).transpose(0, 1),
            family.Embed(weights, target, arange(target.shape[1], int64).unsqueeze(0)).transpose(0, 1),
            null!, causal, null!, hidden, null!, hidden);
        return VaswaniReference.Project(weights, decoded.transpose(0, 1));
    }
}
