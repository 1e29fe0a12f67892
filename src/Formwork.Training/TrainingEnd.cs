namespace Formwork.Training;

/// <summary>Why a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All steps are done.</summary>
    Finished,

    /// <summary>The evaluation loss no longer fell.</summary>
    NoImprovement,

    /// <summary>It was cancelled; it can be resumed.</summary>
    Cancelled,
}
