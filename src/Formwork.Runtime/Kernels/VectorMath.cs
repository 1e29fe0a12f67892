namespace Formwork.Runtime.Kernels;

/// <summary>
/// The functions that generated kernels apply to vectors of float32, in the three widths. Errors are relative to the exact value, for
/// arguments whose result is a normal number.
/// </summary>
public static partial class VectorMath
{
    // exp(x) = 2^n · exp(r), n = round(x / ln 2), |r| ≤ ln 2 / 2; ln 2 in two parts so that r keeps its bits (Cody and Waite 1980).
    // The polynomial is that of Cephes' expf; relative error below 3e-7.
    private const float LogBase2OfE = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float ExpLowest = -87.33654f;
    private const float ExpHighest = 88.3762f;
    private const float Exp0 = 1.9875691500e-4f;
    private const float Exp1 = 1.3981999507e-3f;
    private const float Exp2 = 8.3334519073e-3f;
    private const float Exp3 = 4.1665795894e-2f;
    private const float Exp4 = 1.6666665459e-1f;
    private const float Exp5 = 5.0000001201e-1f;

    // erf(x) = x·P(x²) / Q(x²) on |x| ≤ 4, ±1 beyond to float precision: the rational approximation in common use for float32.
    private const float ErfLimit = 4f;
    private const float ErfP0 = -2.72614225801306e-10f;
    private const float ErfP1 = 2.77068142495902e-08f;
    private const float ErfP2 = -2.10102402082508e-06f;
    private const float ErfP3 = -5.69250639462346e-05f;
    private const float ErfP4 = -7.34990630326855e-04f;
    private const float ErfP5 = -2.95459980854025e-03f;
    private const float ErfP6 = -1.60960333262415e-02f;
    private const float ErfQ0 = -1.45660718464996e-05f;
    private const float ErfQ1 = -2.13374055278905e-04f;
    private const float ErfQ2 = -1.68282697438203e-03f;
    private const float ErfQ3 = -7.37332916720468e-03f;
    private const float ErfQ4 = -1.42647390514189e-02f;

    // tanh(x) = x·P(x²) / Q(x²) on |x| ≤ 7.9, ±1 beyond to float precision: likewise.
    private const float TanhLimit = 7.90531110763549805f;
    private const float TanhP0 = -2.76076847742355e-16f;
    private const float TanhP1 = 2.00018790482477e-13f;
    private const float TanhP2 = -8.60467152213735e-11f;
    private const float TanhP3 = 5.12229709037114e-08f;
    private const float TanhP4 = 1.48572235717979e-05f;
    private const float TanhP5 = 6.37261928875436e-04f;
    private const float TanhP6 = 4.89352455891786e-03f;
    private const float TanhQ0 = 1.19825839466702e-06f;
    private const float TanhQ1 = 1.18534705686654e-04f;
    private const float TanhQ2 = 2.26843463243900e-03f;
    private const float TanhQ3 = 4.89352518554385e-03f;

    private const float GeluSlope = 1.702f;
    private const float HalfSqrt2 = 0.70710678118654752f;
    private const float TwiceSqrt2OverPi = 1.59576912160573071f;
    private const float GeluCubic = 0.044715f;
    private const float OneOverSqrt2Pi = 0.39894228040143268f;
}
