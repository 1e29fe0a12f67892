using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <summary>The activation functions in float64.</summary>
public static class Activations
{
    /// <summary>f(x) for the function that <paramref name="activation"/> names.</summary>
    public static double Of(Activation activation, double x) => activation switch
    {
        Activation.Relu => Math.Max(x, 0),
        Activation.ReluSquared => Math.Max(x, 0) * Math.Max(x, 0),
        Activation.Gelu => x * 0.5 * (1 + Erf(x / Math.Sqrt(2))),
        Activation.GeluTanh => x * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.GeluSigmoid => x / (1 + Math.Exp(-1.702 * x)),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    /// <summary>f′(x); 0 where relu has none.</summary>
    public static double DerivativeOf(Activation activation, double x) => activation switch
    {
        Activation.Relu => x > 0 ? 1 : 0,
        Activation.ReluSquared => 2 * Math.Max(x, 0),
        Activation.Gelu => 0.5 * (1 + Erf(x / Math.Sqrt(2))) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
        Activation.GeluTanh => GeluTanhDerivative(x),
        Activation.Silu => OfSigmoid(1, x),
        Activation.GeluSigmoid => OfSigmoid(1.702, x),
        Activation.Tanh => 1 - Math.Tanh(x) * Math.Tanh(x),
        Activation.Sigmoid => Of(Activation.Sigmoid, x) * (1 - Of(Activation.Sigmoid, x)),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    /// <summary>The derivative of x·sigmoid(c·x).</summary>
    private static double OfSigmoid(double c, double x)
    {
        double sigmoid = 1 / (1 + Math.Exp(-c * x));
        return sigmoid + c * x * sigmoid * (1 - sigmoid);
    }

    private static double GeluTanhDerivative(double x)
    {
        double tanh = Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
        return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    }

    /// <summary>
    /// The error function, 2/√π·e^(−x²)·Σₙ 2ⁿ·x^(2n+1) / (1·3·5···(2n+1)) (Abramowitz and Stegun 7.1.6). All terms have one sign, so nothing
    /// cancels; past 6 it differs from ±1 by less than float64 can say.
    /// </summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-18; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
