using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Layouts;

/// <summary>Gains of a norm of queries and keys are not reordered between rotary pairings.</summary>
internal static class PairingRule
{
    /// <summary>The layers whose norm stands between rows in one pairing and a rotation in another.</summary>
    public static IEnumerable<SpecFinding> Check(ModelSpec spec)
    {
        foreach (StackSpec stack in new[] { spec.Encoder, spec.Decoder }.OfType<StackSpec>())
        {
            string path = spec.Path(stack);
            RotaryPairing? stored = spec.Weights.Entries.FirstOrDefault(entry => entry.Parameter == $"{path}layers.attention.query.weight")?.Pairing;
            for (int layer = 0; layer < stack.Layers.Count; layer++)
            {
                AttentionSpec attention = stack.Layers[layer].Attention;
                if (attention is { QueryKeyNorm: not QueryKeyNorm.None, Rotary: { } rotary } && stored is { } pairing && pairing != rotary.Pairing)
                    yield return SpecFinding.Of(DiagnosticCatalog.NormInOtherPairing, $"{path}layers.{layer}.positions.pairing", layer, spec.Weights.Name, Word(pairing), Word(rotary.Pairing));
            }
        }
    }

    private static string Word(RotaryPairing pairing) => pairing == RotaryPairing.Half ? "half" : "interleaved";
}
