using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <content>Mixtures of experts.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>Scores, groups, choice, weights: as <see cref="Route"/> says, one after the other.</summary>
    public double[] Visit(Route operation, Node node)
    {
        double[] bias = operation.Experts.SelectionBias ? Input(node, 1) : new double[operation.Experts.Count];
        return Input(node, 0).Chunk(operation.Experts.Count).SelectMany(logits => Routes(operation.Experts, logits, bias)).ToArray();
    }

    /// <summary>y = Σₑ weight[e]·expertₑ(x).</summary>
    public double[] Visit(MixExperts operation, Node node)
    {
        int width = node.Shape.Width;
        double[] x = Input(node, 0), weights = Input(node, 1);
        var y = new double[x.Length];
        for (int t = 0; t < x.Length / width; t++)
        {
            double[] row = x.AsSpan(t * width, width).ToArray();
            for (int expert = 0; expert < operation.Count; expert++)
            {
                double weight = weights[t * operation.Count + expert];
                if (weight == 0)
                    continue;
                double[] output = Expert(operation, node, expert, row);
                for (int i = 0; i < width; i++)
                    y[t * width + i] += weight * output[i];
            }
        }
        return y;
    }

    private static double[] Routes(ExpertsSpec experts, double[] logits, double[] bias)
    {
        double[] scores = experts.Score == RouterScore.Softmax ? Softmax(logits) : logits.Select(logit => 1 / (1 + Math.Exp(-logit))).ToArray();
        double[] choice = scores.Zip(bias, (score, more) => score + more).ToArray();
        int groupSize = experts.Count / experts.Groups;
        int[] groups = Best(choice.Chunk(groupSize)
            .Select(group => group.OrderDescending().Take(experts.GroupScore == GroupScore.Largest ? 1 : 2).Sum()).ToArray(), experts.ChosenGroups);
        double[] allowed = choice.Select((score, expert) => groups.Contains(expert / groupSize) ? score : double.NegativeInfinity).ToArray();
        int[] chosen = Best(allowed, experts.Chosen);
        double sum = experts.Renormalize ? chosen.Sum(expert => scores[expert]) : 1;
        return scores.Select((score, expert) => chosen.Contains(expert) ? score / sum * experts.Scale : 0).ToArray();
    }

    /// <summary>The places of the largest numbers, the first of equals first.</summary>
    private static int[] Best(double[] scores, int count) =>
        Enumerable.Range(0, scores.Length).OrderByDescending(at => scores[at]).Take(count).ToArray();

    private double[] Expert(MixExperts operation, Node node, int expert, double[] x)
    {
        FeedForwardSpec part = operation.FeedForward;
        double[] up = Product(operation, node, expert, "up", x);
        IEnumerable<double> hidden;
        if (part.Gated)
        {
            double bound = part.Clamp ?? double.PositiveInfinity;
            hidden = Product(operation, node, expert, "gate", x).Zip(up, (gate, value) =>
                Activations.Of(part.Activation, Math.Min(gate, bound)) * (Math.Clamp(value, -bound, bound) + part.UpOffset));
        }
        else
        {
            hidden = up.Select(value => Activations.Of(part.Activation, value));
        }
        return Product(operation, node, expert, "down", hidden.ToArray());
    }

    /// <summary>One of an expert's products, with its bias where it has one.</summary>
    private double[] Product(MixExperts operation, Node node, int expert, string projection, double[] input)
    {
        double[] weight = Input(node, WeightInput(operation, projection));
        double[]? bias = operation.BiasInput(projection) is { } biasInput ? Input(node, biasInput) : null;
        int outputs = weight.Length / operation.Count / input.Length;
        return Enumerable.Range(expert * outputs, outputs)
            .Select(row => Dot(weight, row * input.Length, input, 0, input.Length) + (bias?[row] ?? 0)).ToArray();
    }

    private static int WeightInput(MixExperts operation, string projection) => operation.UpInput + (projection switch { "gate" => -1, "up" => 0, _ => 1 });
}
