using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>The emitted method that rotates the pairs of one head.</summary>
internal static class RotationFragment
{
    /// <summary>Writes it, and the constants that it needs; the inverse turns the other way.</summary>
    public static void Emit(CodeWriter writer, RotatedPairs rotary, bool inverse = false)
    {
        (string minus, string second) = inverse ? ("+", "b * cosine - a * sine") : ("-", "a * sine + b * cosine");
        bool vectors = rotary.Pairing == RotaryPairing.Half && rotary.Width / 2 % 4 == 0;
        (string a, string b) = rotary.Pairing == RotaryPairing.Half ? ("i", "Half + i") : ("2 * i", "2 * i + 1");
        writer.Lines(
            $$"""

            private const int RotaryWidth = {{rotary.Width}};
            private const int Half = RotaryWidth / 2;

            // Pair i is ({{a}}, {{b}}); the table holds its cosine at i and its sine at Half + i.
            {{Planning.Kernel.Optimized}}
            private static void Rotate(float* x, float* rotations)
            {
            """);
        writer.Lines(vectors
            ? $$"""
                for (int i = 0; i < Half; i += 4)
                {
                    Vector128<float> cosine = Vector128.Load(rotations + i), sine = Vector128.Load(rotations + Half + i);
                    Vector128<float> a = Vector128.Load(x + i), b = Vector128.Load(x + Half + i);
                    (a * cosine {{minus}} b * sine).Store(x + i);
                    ({{second}}).Store(x + Half + i);
                }
            """
            : $$"""
                for (int i = 0; i < Half; i++)
                {
                    float cosine = rotations[i], sine = rotations[Half + i];
                    float a = x[{{a}}], b = x[{{b}}];
                    x[{{a}}] = a * cosine {{minus}} b * sine;
                    x[{{b}}] = {{second}};
                }
            """);
        writer.Lines("}");
    }
}
