using System.Globalization;

namespace Formwork.Training.Evaluation;

/// <summary>BLEU of a corpus (Papineni et al. 2002) and what it is made of; percentages throughout.</summary>
public sealed record BleuScore
{
    /// <summary>The geometric mean of the precisions, times the brevity penalty: 0 … 100.</summary>
    public required double Score { get; init; }

    /// <summary>How many n-grams of the translations are in their references, n from 1 to 4; each as often as it is there at most.</summary>
    public required IReadOnlyList<long> Matches { get; init; }

    /// <summary>How many n-grams the translations have, n from 1 to 4.</summary>
    public required IReadOnlyList<long> Totals { get; init; }

    /// <summary>The share of n-grams that match, n from 1 to 4; smoothed where none does.</summary>
    public required IReadOnlyList<double> Precisions { get; init; }

    /// <summary>exp(1 − reference length / length) where the translations are shorter, else 1.</summary>
    public required double BrevityPenalty { get; init; }

    /// <summary>Tokens of the translations.</summary>
    public required long Length { get; init; }

    /// <summary>Tokens of the references; of several for a sentence, the one nearest in length.</summary>
    public required long ReferenceLength { get; init; }

    /// <summary>References a sentence; 0 where sentences differ in it.</summary>
    public required int References { get; init; }

    /// <summary>Whether case is disregarded.</summary>
    public required bool Lowercase { get; init; }

    /// <summary>How it was measured, as sacreBLEU writes it, but for the version: the numbers are those of its version 2.</summary>
    public string Signature => string.Create(CultureInfo.InvariantCulture,
        $"nrefs:{(References == 0 ? "var" : References)}|case:{(Lowercase ? "lc" : "mixed")}|eff:no|tok:13a|smooth:exp");

    /// <summary>The score as sacreBLEU writes it: <c>BLEU|… = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)</c>.</summary>
    public override string ToString()
    {
        string precisions = string.Join('/', Precisions.Select(precision => PythonText.Fixed(precision, 1)));
        string ratio = PythonText.Fixed(ReferenceLength == 0 ? 0 : (double)Length / ReferenceLength, 3);
        return string.Create(CultureInfo.InvariantCulture,
            $"BLEU|{Signature} = {PythonText.Fixed(Score, 2)} {precisions} (BP = {PythonText.Fixed(BrevityPenalty, 3)} ratio = {ratio} hyp_len = {Length} ref_len = {ReferenceLength})");
    }
}
