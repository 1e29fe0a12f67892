using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Kernels;

namespace Formwork.TestSupport.Interpreter;

/// <content>Attention and what belongs to it.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>
    /// For each head and token i: Σⱼ softmaxⱼ(cap(scale·q·kⱼ) + what the distance adds)·vⱼ over the tokens j that it may see; a sink's
    /// score is one more in the softmax.
    /// </summary>
    public double[] Visit(Attention operation, Node node)
    {
        double[] v = Input(node, 2);
        int tokens = Input(node, 0).Length / (operation.Heads * operation.HeadWidth);
        int keys = v.Length / (operation.KeyValueHeads * operation.ValueWidth);
        var y = new double[tokens * operation.Heads * operation.ValueWidth];
        for (int t = 0; t < tokens; t++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                int[] seen = Enumerable.Range(0, keys).Where(j => Sees(operation, t, j)).ToArray();
                double[] shares = Shares(operation, node, head, t, seen), kept = Kept(operation, node, head, t, seen);
                int shared = head / (operation.Heads / operation.KeyValueHeads);
                int target = (t * operation.Heads + head) * operation.ValueWidth;
                for (int index = 0; index < seen.Length; index++)
                {
                    int value = (seen[index] * operation.KeyValueHeads + shared) * operation.ValueWidth;
                    for (int i = 0; i < operation.ValueWidth; i++)
                        y[target + i] += kept[index] * shares[index] * v[value + i];
                }
            }
        }
        return y;
    }

    /// <summary>Of each head, some numbers.</summary>
    public double[] Visit(Slice operation, Node node) => Input(node, 0).Chunk(node.Inputs[0].Shape.Width / operation.Heads)
        .SelectMany(head => head.Skip(operation.Start).Take(operation.Width)).ToArray();

    /// <summary>Each head with the same numbers behind it.</summary>
    public double[] Visit(JoinHeads operation, Node node)
    {
        int headWidth = node.Inputs[0].Shape.Width / operation.Heads;
        IEnumerable<double[]> common = Input(node, 1).Chunk(node.Inputs[1].Shape.Width);
        return Input(node, 0).Chunk(node.Inputs[0].Shape.Width).Zip(common, (row, end) => row.Chunk(headWidth).SelectMany(head => head.Concat(end)))
            .SelectMany(row => row).ToArray();
    }

    /// <summary>
    /// What dropout multiplies each share by: the place of a share is (row · heads + head) · context + position, the context being that of the
    /// stack whose keys are read.
    /// </summary>
    private double[] Kept(Attention operation, Node node, int head, int t, int[] seen)
    {
        Dimension rows = node.Inputs[0].Shape.Dimensions[0];
        bool ofEncoder = !operation.Causal || node.Inputs[1].Shape.Dimensions[0] != rows;
        StackSpec stack = (ofEncoder ? _spec.Encoder ?? _spec.Decoder : _spec.Decoder)!;
        int first = ((FirstRow(rows) + t) * operation.Heads + head) * stack.Context;
        return seen.Select(position => Kept(operation.DropoutRate, operation.DropoutSite, (uint)(first + position))).ToArray();
    }

    private static bool Sees(Attention operation, int query, int key)
    {
        if (operation.Causal)
            return key <= query && (operation.Window is not { } last || key > query - last);
        return operation.Window is not { } window || Math.Abs(key - query) <= window / 2;
    }

    private double[] Shares(Attention operation, Node node, int head, int t, int[] seen)
    {
        double[] q = Input(node, 0), k = Input(node, 1);
        int query = (t * operation.Heads + head) * operation.HeadWidth, shared = head / (operation.Heads / operation.KeyValueHeads);
        IEnumerable<double> scores = seen.Select(j =>
        {
            double score = operation.ScoreScale * Dot(q, query, k, (j * operation.KeyValueHeads + shared) * operation.HeadWidth, operation.HeadWidth);
            return (operation.ScoreCap is { } cap ? cap * Math.Tanh(score / cap) : score) + Added(operation, node, head, j - t);
        });
        if (operation.Sinks)
            scores = scores.Append(Input(node, Attention.SinksInput)[head]);
        return Softmax(scores.ToArray());
    }

    private double Added(Attention operation, Node node, int head, int distance) => operation.Distance switch
    {
        null => 0,
        { Buckets: 0 } => -DistanceBias.Slopes(operation.Heads)[head] * Math.Abs(distance),
        { } relative => Input(node, operation.TableInput)[PositionTables.DistanceBucket(distance, relative.Buckets, relative.MaxDistance, relative.Bidirectional) * operation.Heads + head],
    };

    private static double Dot(double[] a, int aStart, double[] b, int bStart, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += a[aStart + i] * b[bStart + i];
        return sum;
    }

    private static double[] Softmax(double[] scores)
    {
        double largest = scores.Max();
        double[] powers = scores.Select(score => Math.Exp(score - largest)).ToArray();
        double sum = powers.Sum();
        return powers.Select(power => power / sum).ToArray();
    }
}
