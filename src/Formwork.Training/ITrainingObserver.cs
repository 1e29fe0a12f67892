namespace Formwork.Training;

/// <summary>Who wants to know how a run goes. Called on the run's own thread.</summary>
public interface ITrainingObserver
{
    /// <summary>A step is done.</summary>
    void Stepped(TrainingProgress progress)
    {
    }

    /// <summary>The held-out data were foretold after a step.</summary>
    void Evaluated(long step, EvaluationResult result)
    {
    }

    /// <summary>A checkpoint is in place.</summary>
    void Saved(long step, string folder)
    {
    }

    /// <summary>Something did not succeed that the run can do without for now.</summary>
    void Warned(string message)
    {
    }
}
