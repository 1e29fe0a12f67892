using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Runtime.Kernels;

namespace Formwork.TestSupport.Interpreter;

/// <content>What flows back through attention.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>
    /// For each head and token i, with P the softmax and M what dropout multiplies by: d(vⱼ) += MⱼPⱼ·d(y), d(Pⱼ) = Mⱼ·(d(y)·vⱼ), and of a sink,
    /// which gives nothing, 0. Through the softmax, d(sⱼ) = Pⱼ·(d(Pⱼ) − Σ P·d(P)); from there to the sink, to the bucket's number, and through
    /// the cap to scale·q·k.
    /// </summary>
    public double[] Visit(AttentionGradient operation, Node node)
    {
        Attention attention = operation.Attention;
        double[][] gradients = node.Inputs.Take(node.Inputs.Count - 2).Select((_, input) => new double[Input(node, input).Length]).ToArray();
        int tokens = Input(node, 0).Length / (attention.Heads * attention.HeadWidth);
        int keys = Input(node, 1).Length / (attention.KeyValueHeads * attention.HeadWidth);
        for (int t = 0; t < tokens; t++)
        {
            int[] seen = Enumerable.Range(0, keys).Where(j => Sees(attention, t, j)).ToArray();
            for (int head = 0; head < attention.Heads; head++)
                AddAttentionGradients(attention, node, head, t, seen, gradients);
        }
        return gradients[operation.Input];
    }

    private void AddAttentionGradients(Attention attention, Node node, int head, int t, int[] seen, double[][] gradients)
    {
        int shared = head / (attention.Heads / attention.KeyValueHeads), valueWidth = attention.ValueWidth;
        double[] v = Input(node, 2), flow = Input(node, node.Inputs.Count - 1);
        double[] shares = Shares(attention, node, head, t, seen), kept = Kept(attention, node, head, t, seen), shareGradients = new double[shares.Length];
        int output = (t * attention.Heads + head) * valueWidth;
        for (int index = 0; index < seen.Length; index++)
        {
            int value = (seen[index] * attention.KeyValueHeads + shared) * valueWidth;
            shareGradients[index] = kept[index] * Dot(flow, output, v, value, valueWidth);
            for (int i = 0; i < valueWidth; i++)
                gradients[2][value + i] += kept[index] * shares[index] * flow[output + i];
        }
        double mean = shares.Zip(shareGradients, (share, gradient) => share * gradient).Sum();
        double[] scoreGradients = shares.Zip(shareGradients, (share, gradient) => share * (gradient - mean)).ToArray();
        if (attention.Sinks)
            gradients[Attention.SinksInput][head] += scoreGradients[^1];
        for (int index = 0; index < seen.Length; index++)
            AddScoreGradient(attention, node, head, t, seen[index], scoreGradients[index], gradients);
    }

    private void AddScoreGradient(Attention attention, Node node, int head, int t, int key, double gradient, double[][] gradients)
    {
        if (attention.Distance is { Buckets: > 0 } relative)
            gradients[attention.TableInput][PositionTables.DistanceBucket(key - t, relative.Buckets, relative.MaxDistance, relative.Bidirectional) * attention.Heads + head] += gradient;
        double[] q = Input(node, 0), k = Input(node, 1);
        int shared = head / (attention.Heads / attention.KeyValueHeads), width = attention.HeadWidth;
        int queryAt = (t * attention.Heads + head) * width, keyAt = (key * attention.KeyValueHeads + shared) * width;
        if (attention.ScoreCap is { } cap)
        {
            double tanh = Math.Tanh(attention.ScoreScale * Dot(q, queryAt, k, keyAt, width) / cap);
            gradient *= 1 - tanh * tanh;
        }
        for (int i = 0; i < width; i++)
        {
            gradients[0][queryAt + i] += gradient * attention.ScoreScale * k[keyAt + i];
            gradients[1][keyAt + i] += gradient * attention.ScoreScale * q[queryAt + i];
        }
    }
}
