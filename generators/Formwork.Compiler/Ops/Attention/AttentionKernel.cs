using System.Globalization;
using Formwork.Compiler.Planning;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Attention with online softmax (Milakov and Gimelshein 2018; Dao et al. 2022): scores exist for 64 positions at a time, and what was
/// summed so far is rescaled when a larger score appears. Queries go four at a time over one key/value head's cache.
/// </summary>
public sealed partial record AttentionKernel(int Heads, int KeyValueHeads, int HeadWidth, double ScoreScale) : Kernel
{
    /// <summary>Positions whose scores exist at a time.</summary>
    public const int Block = 64;

    public override string Name
    {
        get
        {
            bool usual = Math.Abs(ScoreScale - 1 / Math.Sqrt(HeadWidth)) < 1e-12;
            string scale = usual ? "" : "Scale" + new string(ScoreScale.ToString("R", CultureInfo.InvariantCulture).Where(char.IsLetterOrDigit).ToArray());
            return $"Attention{Heads}Over{KeyValueHeads}Of{HeadWidth}{scale}";
        }
    }

    public override string Formula =>
        $"y[rows, {Heads * HeadWidth}] = softmax(scale · q·kᵀ, causal)·v: {Heads} heads of {HeadWidth} over {KeyValueHeads} key/value heads";

    /// <summary>The context, padded to whole blocks.</summary>
    public static int PaddedContext(int context) => (context + Block - 1) / Block * Block;
}
