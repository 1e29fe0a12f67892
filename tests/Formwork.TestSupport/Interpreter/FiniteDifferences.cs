using System.Globalization;
using Formwork.Compiler.Graph;

namespace Formwork.TestSupport.Interpreter;

/// <summary>
/// Derivatives against differences of the loss (five points, so that the error is of the step's fourth order). Where relu, a bound or a choice
/// of experts has its kink within the step there is no derivative to compare with: two steps then give two slopes, and the number is passed
/// over.
/// </summary>
public static class FiniteDifferences
{
    // The loss has some 15 digits, so its differences over a step have some 10 behind the point.
    private const double Step = 1e-5, Noise = 2e-9, Tolerance = 1e-6;

    /// <summary>What is wrong, one line each: a derivative that is not its difference, or too many that cannot be compared.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">The learned numbers by parameter name.</param>
    /// <param name="input">The sequence.</param>
    /// <param name="entries">How many random numbers of each parameter are looked at, besides that with the largest derivative.</param>
    /// <param name="seed">The seed of their choice.</param>
    public static IReadOnlyList<string> Faults(
        TrainingGraph graph, IReadOnlyDictionary<string, double[]> parameters, InterpreterInput input, int entries = 2, int seed = 1)
    {
        var random = new Random(seed);
        var own = parameters.ToDictionary(entry => entry.Key, entry => (double[])entry.Value.Clone());
        NodeValues values = GraphInterpreter.Run(graph, own, input);
        var faults = new List<string>();
        int compared = 0, kinks = 0;
        foreach ((Node parameter, Node node) in graph.Gradients)
        {
            double[] derivatives = values[node];
            int largest = Enumerable.Range(0, derivatives.Length).MaxBy(index => Math.Abs(derivatives[index]));
            foreach (int index in Enumerable.Range(0, entries).Select(_ => random.Next(derivatives.Length)).Append(largest).Distinct())
            {
                if (Slope(graph, own, input, parameter.Name, index) is not { } slope)
                {
                    kinks++;
                    continue;
                }
                compared++;
                // Written so that a NaN is a fault.
                if (!(Math.Abs(slope - derivatives[index]) <= Noise + Tolerance * Math.Abs(slope)))
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}[{index}]: derivative {derivatives[index]:G9}, difference {slope:G9}"));
            }
        }
        if (compared <= kinks)
            faults.Add($"{kinks} numbers at kinks and only {compared} compared");
        return faults;
    }

    /// <summary>The loss's slope; null where two steps see two.</summary>
    private static double? Slope(TrainingGraph graph, Dictionary<string, double[]> parameters, InterpreterInput input, string parameter, int index)
    {
        double[] values = parameters[parameter];
        double value = values[index];
        double narrow = Difference(Step), wide = Difference(2 * Step);
        values[index] = value;
        return Math.Abs(narrow - wide) > Noise + Tolerance * Math.Abs(narrow) ? null : (4 * narrow - wide) / 3;

        double Difference(double step) => (Loss(value + step) - Loss(value - step)) / (2 * step);

        double Loss(double moved)
        {
            values[index] = moved;
            return GraphInterpreter.Loss(graph, parameters, input);
        }
    }
}
