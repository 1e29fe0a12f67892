using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.TestSupport.Interpreter;

/// <summary>
/// Parameters in which nothing is trivial: gains are not one, biases not zero, so that one left out is seen. Matrices keep the size of
/// what passes through them, so that activations stay near one and logits too.
/// </summary>
public static class RandomParameters
{
    /// <summary>
    /// Draws every parameter of a graph, row-major, by name. The numbers are single-precision ones, so that nothing is lost where they are
    /// stored as such.
    /// </summary>
    public static IReadOnlyDictionary<string, double[]> Draw(ModelGraph graph, int seed)
    {
        var random = new Random(seed);
        HashSet<Node> gains = graph.Nodes.Where(node => node.Operation is LayerNorm { UnitOffset: false } or RmsNorm { UnitOffset: false })
            .Select(node => node.Inputs[1]).ToHashSet();
        return graph.Parameters.ToDictionary(parameter => parameter.Name, Draw);

        double[] Draw(Node parameter)
        {
            // Experts' biases have two sizes too.
            bool matrix = parameter.Shape.Rank > 1 && !parameter.Name.EndsWith(".bias", StringComparison.Ordinal);
            double deviation = matrix ? 1 / Math.Sqrt(parameter.Shape.Width) : 0.25;
            return Normal(random, (int)parameter.Shape.Elements, gains.Contains(parameter) ? 1 : 0, deviation);
        }
    }

    /// <summary>Numbers drawn from a normal distribution, rounded to single precision.</summary>
    public static double[] Normal(Random random, int count, double mean = 0, double deviation = 1)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            // Box and Muller 1958; 1 − u is never 0, so its logarithm is finite.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(mean + deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return values;
    }
}
