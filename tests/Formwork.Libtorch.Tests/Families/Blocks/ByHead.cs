using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Between rows of a width and heads of a smaller one.</summary>
public static class ByHead
{
    /// <summary><c>[batch, length, heads · head width]</c> to <c>[batch, heads, length, head width]</c>.</summary>
    public static Tensor Split(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);

    /// <summary><c>[batch, heads, length, head width]</c> to <c>[batch, length, heads · head width]</c>.</summary>
    public static Tensor Join(Tensor x) => x.transpose(1, 2).flatten(2);
}
