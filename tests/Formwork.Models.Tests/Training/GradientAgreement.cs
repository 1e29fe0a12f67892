using System.Globalization;
using Formwork.Compiler;
using Formwork.Compiler.Graph;
using Formwork.Models.Tests.Emitted;
using Xunit;

namespace Formwork.Models.Tests.Training;

/// <summary>What it is for a compiled training pass to compute what its differentiated graph means.</summary>
public static class GradientAgreement
{
    // Sums of some hundred products in single precision, once forward and once backward. Where what flows back all but cancels, as by a bias
    // that softmax does not see, the rounding is that of its summands: a share of the largest derivative of any parameter.
    private const double Tolerance = 1e-5, Rounding = 1e-6;

    /// <summary>The loss and every derivative agree; two threads give the same bits.</summary>
    public static void Check(EmittedModel emitted, RaggedBatch batch)
    {
        BatchGradients found = BatchGradients.Compiled(emitted, batch, threads: 1);
        Close(BatchGradients.Interpreted(emitted, ModelCompiler.TrainingGraph(emitted.Spec), batch), found);
        BatchGradients shared = BatchGradients.Compiled(emitted, batch, threads: 2);
        Assert.Equal(found.Loss, shared.Loss);
        Assert.True(found.Packed.AsSpan().SequenceEqual(shared.Packed), "two threads give other bits");
    }

    /// <summary>The loss and every derivative lie within the tolerance.</summary>
    public static void Close(BatchGradients expected, BatchGradients found)
    {
        // Written so that a NaN is a fault.
        var faults = new List<string>();
        if (!(Math.Abs(expected.Loss - found.Loss) <= Tolerance * expected.Loss))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"loss {found.Loss:G9}, expected {expected.Loss:G9}"));
        double largest = expected.Of.Values.SelectMany(values => values).Max(Math.Abs);
        foreach ((string name, double[] derivatives) in expected.Of)
        {
            double[] errors = [.. derivatives.Zip(found.Of[name], (a, b) => a - b)];
            double norm = Norm(derivatives), error = Norm(errors), allowed = Tolerance * norm + Rounding * largest * Math.Sqrt(errors.Length);
            int worst = Enumerable.Range(0, errors.Length).MaxBy(index => Math.Abs(errors[index]));
            if (!(error <= allowed))
                faults.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: norm of the error {error:G3} of {norm:G3}, at most {allowed:G3}; [{worst}] is {found.Of[name][worst]:G9}, expected {derivatives[worst]:G9}"));
        }
        foreach ((string name, double[] derivatives) in found.Of.Where(entry => !expected.Of.ContainsKey(entry.Key)))
        {
            if (derivatives.Any(derivative => derivative != 0))
                faults.Add($"{name}: derivatives, though the loss does not follow from it");
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults.Take(20)));
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
