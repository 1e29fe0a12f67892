using TorchSharp;

namespace Formwork.Libtorch.Tests.Families.EncoderDecoders;

/// <summary>A tensor of a checkpoint that is computed and not learned.</summary>
internal static class FixedTable
{
    /// <summary>A tensor with these numbers.</summary>
    public static TinyTensor Of(string name, torch.Tensor values) =>
        new(name, values.shape.Select(size => (int)size).ToArray(), 0, 0) { Fixed = values.to(torch.float32).contiguous().data<float>().ToArray() };
}
