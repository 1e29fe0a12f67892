using System.Numerics.Tensors;
using Formwork.Runtime.Sampling;

namespace Formwork.Runtime.Generation;

/// <summary>Finds the most probable next tokens of a beam.</summary>
internal sealed class CandidateFinder(int vocabulary, BeamRules rules)
{
    // A logit's distance from the greatest one, and e to its negative: nothing can overflow.
    private readonly float[] _distances = new float[vocabulary];
    private readonly float[] _weights = new float[vocabulary];
    private readonly ulong[] _nearest = new ulong[Math.Min(rules.Candidates, vocabulary)];

    /// <summary>Adds a beam's best continuations to <paramref name="candidates"/>.</summary>
    /// <param name="logits">What follows the beam's last token, <c>[vocabulary]</c>.</param>
    /// <param name="beam">The beam's number.</param>
    /// <param name="logProbability">The beam's own log-probability.</param>
    /// <param name="candidates">Where they go, most probable first.</param>
    /// <exception cref="InvalidInputException">The logits have NaN or +∞, or nothing finite.</exception>
    public void Find(ReadOnlySpan<float> logits, int beam, double logProbability, List<BeamCandidate> candidates)
    {
        float greatest = TensorPrimitives.Max(logits);
        if (!float.IsFinite(greatest))
            throw Sampler.BadLogits(logits);
        TensorPrimitives.Subtract(greatest, logits, _distances);
        TensorPrimitives.Negate<float>(_distances, _weights);
        TensorPrimitives.Exp<float>(_weights, _weights);
        double logTotal = Math.Log(TensorPrimitives.Sum<float>(_weights));
        // They keep their share of the probability: what the others have is the model's own.
        foreach (int token in rules.Suppressed)
            _distances[token] = float.PositiveInfinity;
        TokenKey.SelectNearest(_distances, _nearest);
        foreach (ulong key in _nearest)
        {
            float distance = TokenKey.Distance(key);
            if (float.IsPositiveInfinity(distance))
                break;
            candidates.Add(new BeamCandidate(logProbability - distance - logTotal, beam, TokenKey.Token(key)));
        }
    }
}
