namespace Formwork.Runtime.Generation;

/// <summary>A living beam with one more token.</summary>
internal readonly record struct BeamCandidate(double LogProbability, int Beam, int Token) : IComparable<BeamCandidate>
{
    /// <summary>The most probable first; equal ones by beam, then by token, so that there is one order only.</summary>
    public int CompareTo(BeamCandidate other)
    {
        int order = other.LogProbability.CompareTo(LogProbability);
        return order != 0 ? order : (Beam, Token).CompareTo((other.Beam, other.Token));
    }
}
