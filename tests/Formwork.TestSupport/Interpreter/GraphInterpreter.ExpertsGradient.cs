using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Ops.Gradients;
using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <content>What flows back through mixtures of experts.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>
    /// With s the scores, S the chosen ones' sum and c the factor, a chosen weight is c·s, or c·s / S. Only chosen experts' scores reach
    /// weights; the softmax or sigmoid lies before them.
    /// </summary>
    public double[] Visit(RouteGradient operation, Node node)
    {
        ExpertsSpec experts = operation.Route.Experts;
        int count = experts.Count;
        return Input(node, 0).Chunk(count).Zip(Input(node, 1).Chunk(count), Input(node, 2).Chunk(count))
            .SelectMany(row => RouteGradients(experts, row.First, row.Second.Select(weight => weight != 0).ToArray(), row.Third)).ToArray();
    }

    private static IEnumerable<double> RouteGradients(ExpertsSpec experts, double[] logits, bool[] chosen, double[] flow)
    {
        double[] scores = experts.Score == RouterScore.Softmax ? Softmax(logits) : logits.Select(logit => 1 / (1 + Math.Exp(-logit))).ToArray();
        double sum = scores.Where((_, expert) => chosen[expert]).Sum();
        double mean = scores.Where((_, expert) => chosen[expert]).Zip(flow.Where((_, expert) => chosen[expert]), (score, d) => score * d).Sum() / sum;
        double[] scoreGradients = flow.Select((d, expert) => !chosen[expert] ? 0 : experts.Renormalize ? experts.Scale * (d - mean) / sum : experts.Scale * d).ToArray();
        if (experts.Score == RouterScore.Sigmoid)
            return scores.Zip(scoreGradients, (score, d) => score * (1 - score) * d);
        double all = scores.Zip(scoreGradients, (score, d) => score * d).Sum();
        return scores.Zip(scoreGradients, (score, d) => score * (d - all));
    }

    /// <summary>
    /// For each token and each expert with a weight in it, back through its products: d(weight) = expert(x)·d(y), and weight·d(y) flows back
    /// through down, the activation and the bounds, up and gate.
    /// </summary>
    public double[] Visit(MixExpertsGradient operation, Node node)
    {
        MixExperts mix = operation.Mix;
        double[][] gradients = node.Inputs.Take(node.Inputs.Count - 1).Select((_, input) => new double[Input(node, input).Length]).ToArray();
        int width = node.Inputs[0].Shape.Width;
        double[] x = Input(node, 0), weights = Input(node, 1), flow = Input(node, node.Inputs.Count - 1);
        for (int t = 0; t < x.Length / width; t++)
        {
            for (int expert = 0; expert < mix.Count; expert++)
            {
                int route = t * mix.Count + expert;
                if (weights[route] == 0)
                    continue;
                double[] row = x.AsSpan(t * width, width).ToArray(), d = flow.AsSpan(t * width, width).ToArray();
                gradients[1][route] = Dot(Expert(mix, node, expert, row), 0, d, 0, width);
                double[] back = AddExpertGradients(mix, node, expert, row, d.Select(value => value * weights[route]).ToArray(), gradients);
                for (int i = 0; i < width; i++)
                    gradients[0][t * width + i] += back[i];
            }
        }
        return gradients[operation.Input];
    }

    /// <summary>What flows back to one expert's input; adds to its weights' and biases' derivatives.</summary>
    private double[] AddExpertGradients(MixExperts mix, Node node, int expert, double[] x, double[] flow, double[][] gradients)
    {
        FeedForwardSpec part = mix.FeedForward;
        double[] up = Product(mix, node, expert, "up", x);
        if (!part.Gated)
        {
            double[] activated = up.Select(value => Activations.Of(part.Activation, value)).ToArray();
            double[] hiddenFlow = AddProductGradients(mix, node, expert, "down", activated, flow, gradients);
            double[] upFlow = hiddenFlow.Zip(up, (d, value) => d * Activations.DerivativeOf(part.Activation, value)).ToArray();
            return AddProductGradients(mix, node, expert, "up", x, upFlow, gradients);
        }
        double bound = part.Clamp ?? double.PositiveInfinity;
        double[] gate = Product(mix, node, expert, "gate", x);
        double[] gates = gate.Select(value => Activations.Of(part.Activation, Math.Min(value, bound))).ToArray();
        double[] values = up.Select(value => Math.Clamp(value, -bound, bound) + part.UpOffset).ToArray();
        double[] hidden = AddProductGradients(mix, node, expert, "down", gates.Zip(values, (a, b) => a * b).ToArray(), flow, gradients);
        double[] toGate = hidden.Select((d, i) => gate[i] < bound ? d * values[i] * Activations.DerivativeOf(part.Activation, gate[i]) : 0).ToArray();
        double[] toUp = hidden.Select((d, i) => Math.Abs(up[i]) < bound ? d * gates[i] : 0).ToArray();
        double[] fromGate = AddProductGradients(mix, node, expert, "gate", x, toGate, gradients);
        return AddProductGradients(mix, node, expert, "up", x, toUp, gradients).Zip(fromGate, (a, b) => a + b).ToArray();
    }

    /// <summary>What flows back to a product's input; adds to the derivatives of its weight and bias.</summary>
    private double[] AddProductGradients(MixExperts mix, Node node, int expert, string projection, double[] input, double[] flow, double[][] gradients)
    {
        int weightInput = WeightInput(mix, projection);
        double[] weight = Input(node, weightInput), back = new double[input.Length];
        for (int o = 0; o < flow.Length; o++)
        {
            int row = expert * flow.Length + o;
            if (mix.BiasInput(projection) is { } bias)
                gradients[bias][row] += flow[o];
            for (int i = 0; i < input.Length; i++)
            {
                gradients[weightInput][row * input.Length + i] += flow[o] * input[i];
                back[i] += flow[o] * weight[row * input.Length + i];
            }
        }
        return back;
    }
}
