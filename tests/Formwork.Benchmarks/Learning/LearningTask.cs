using Formwork.Benchmarks.Peers.Libtorch;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.Training;
using Formwork.Training.Data;

namespace Formwork.Benchmarks.Learning;

/// <summary>A model that both sides learn from scratch, from the same first weights and the same batches.</summary>
/// <param name="Name">For example <c>learning shakespeare-char</c>; what <c>--only</c> is compared with.</param>
internal abstract record LearningTask(string Name)
{
    /// <summary>Names of all tasks start with it.</summary>
    public const string Group = "learning";

    /// <summary>All tasks.</summary>
    /// <param name="folder">Where tokenizers and texts may be written.</param>
    public static IReadOnlyList<LearningTask> All(string folder) =>
        [new ShakespeareTask($"{Group} shakespeare-char"), new MaskedLanguageTask($"{Group} mini-bert", Path.Combine(folder, "mini-bert"))];

    /// <summary>How a run trains; ends with an evaluation.</summary>
    public abstract TrainingOptions Options(int seed);

    /// <summary>Our model with its first weights.</summary>
    public abstract TransformerModel Create(int seed, LoadOptions options);

    /// <summary>The batches for a model.</summary>
    public abstract DataSource Data(ModelDescription model, int seed);

    /// <summary>libtorch's model.</summary>
    /// <param name="values">The first weights of ours, by their names in the graph, rows and columns.</param>
    public abstract ILibtorchStudent Peer(Func<string, int, int, float[]> values);
}
