namespace Formwork.Runtime.Generation;

/// <summary>When a beam search has seen enough.</summary>
public enum BeamStopping
{
    /// <summary>When as many texts are finished as there are beams and no living one can come to a better score than the worst of them.</summary>
    NoneCanWin,

    /// <summary>As soon as that many texts are finished: faster, and now and then worse.</summary>
    FirstFinished,
}
