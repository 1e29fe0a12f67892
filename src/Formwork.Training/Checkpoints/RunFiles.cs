using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.Training.Adaptation;

namespace Formwork.Training.Checkpoints;

/// <summary>All files of a run: checkpoints, metrics, the best weights, the final ones.</summary>
internal sealed class RunFiles(string folder) : IDisposable
{
    /// <summary>The checkpoints.</summary>
    public CheckpointStore Store { get; } = new(folder);

    /// <summary>The metrics.</summary>
    public MetricsFile Metrics { get; } = new(Path.Combine(folder, "metrics.jsonl"));

    /// <summary>The newest checkpoint's folder; null if there is none.</summary>
    public string? Newest => Store.All() is [.., var newest] ? newest.Folder : null;

    private string Best => Path.Combine(folder, "best");

    /// <summary>Keeps the weights as the best so far.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void SaveBest(TrainedWeights weights)
    {
        Directory.CreateDirectory(Best);
        CheckpointTensors.WriteWeights(Path.Combine(Best, weights.FileName), weights);
    }

    /// <summary>The weights that the run shall end with; null for those it has.</summary>
    /// <exception cref="InvalidInputException">They are missing or damaged.</exception>
    public Checkpoint? Result(FinalWeights wanted, TrainedWeights weights) => wanted switch
    {
        FinalWeights.Best => Checkpoint.Open(Path.Combine(Best, weights.FileName)),
        FinalWeights.Average => new AveragedCheckpoint([.. Store.All().Select(checkpoint => Path.Combine(checkpoint.Folder, weights.FileName))]),
        _ => null,
    };

    /// <summary>Writes what the run was for: the model, or its adapters, or both.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void SaveFinal(TransformerModel model, TrainedWeights weights, TrainingOptions options)
    {
        if (weights is LowRankAdapters adapters)
            adapters.Save(folder);
        if (options.Adaptation is null or { Merge: true })
            model.Save(folder, options.ResultType);
    }

    /// <summary>Lets another run use the folder.</summary>
    public void Dispose() => Store.Dispose();
}
