namespace Formwork.Training.Tests.Fakes;

/// <summary>Remembers what a run tells.</summary>
internal sealed class Listener : ITrainingObserver
{
    public List<TrainingProgress> Steps { get; } = [];

    public List<(long Step, EvaluationResult Result)> Evaluations { get; } = [];

    public List<(long Step, string Folder)> Checkpoints { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>What to do after a step.</summary>
    public Action<long>? After { get; init; }

    public void Stepped(TrainingProgress progress)
    {
        Steps.Add(progress);
        After?.Invoke(progress.Step);
    }

    public void Evaluated(long step, EvaluationResult result) => Evaluations.Add((step, result));

    public void Saved(long step, string folder) => Checkpoints.Add((step, folder));

    public void Warned(string message) => Warnings.Add(message);
}
