using Formwork.Compiler.Spec;
using Formwork.Models.Tests.Emitted;
using Formwork.TestSupport.Specs;

namespace Formwork.Models.Tests.Training;

/// <summary>All features, with training passes; those of one list and one kind of training are compiled together, when one is asked for.</summary>
public sealed class LearningModels : IDisposable
{
    private readonly Dictionary<(IReadOnlyDictionary<string, ModelSpec>, TrainingSpec), Dictionary<string, EmittedModel>> _compiled = [];

    /// <summary>Dropout wherever there can be some.</summary>
    public static TrainingSpec Dropping { get; } = new() { EmbeddingDropout = 0.1, ResidualDropout = 0.2, AttentionDropout = 0.3, ActivationDropout = 0.1 };

    /// <summary>The same, with layers computed again.</summary>
    public static TrainingSpec Again { get; } = Dropping with { Recompute = Recompute.Layers };

    /// <summary>No dropout.</summary>
    public static TrainingSpec Plain { get; } = new();

    /// <summary>Decoders by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Decoders => Features.All;

    /// <summary>Encoders by what they show, those with a loss.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Encoders { get; } = EncoderFeatures.Encoders
        .Where(feature => feature.Value.Unembedding is not null || feature.Value.Classifier is not null)
        .Append(KeyValuePair.Create("bert, classifying", SmallSpecs.Bert("Classifying", context: 40) with { Unembedding = null }))
        .ToDictionary(feature => feature.Key, feature => feature.Value);

    /// <summary>Encoder-decoders by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Translators => EncoderFeatures.Translators;

    /// <summary>Mixtures of experts by what they show.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Experts => ExpertFeatures.All;

    /// <summary>Those in which the kind of training makes most difference to what is kept, fused and computed again.</summary>
    public static IReadOnlyDictionary<string, ModelSpec> Some { get; } = new[]
    {
        ("gpt2", Decoders["gpt2"]),
        ("layers of other heads and widths", Decoders["layers of other heads and widths"]),
        ("a layer of each placement", Decoders["a layer of each placement"]),
        ("parallel parts", Decoders[$"{PartsArrangement.Parallel}"]),
        ("query/key norm", Decoders["query/key norm of the Head"]),
        ("latent attention", Decoders["latent attention, Half"]),
        ("bounded gate", Decoders["bounded gate and up + 1"]),
        ("relu", Decoders["Relu"]),
        ("bert", Encoders["bert"]),
        ("t5", Translators["t5"]),
        ("experts by softmax", Experts["by softmax"]),
        ("experts after norms", Experts["Output"]),
        ("experts with biases, bounded", Experts["bounded, with biases"]),
        ("experts in both stacks", Translators["experts in both stacks"]),
    }.ToDictionary(entry => entry.Item1, entry => entry.Item2);

    /// <summary>Every spec with the training that it is tested with.</summary>
    public static IEnumerable<(ModelSpec Spec, TrainingSpec Training)> All =>
        new[] { Decoders, Encoders, Translators, Experts }.SelectMany(list => list.Values.Select(spec => (spec, Dropping)))
            .Concat(Some.Values.SelectMany(spec => new[] { (spec, Plain), (spec, Again) }));

    /// <summary>How long the sequences of a batch are.</summary>
    public static int[] Lengths => [7, 1, 12, 4];

    /// <summary>The batch that a model is tested with; with dropout and a smoothed loss where the spec has dropout.</summary>
    public static RaggedBatch Batch(ModelSpec spec) =>
        new(spec, seed: 1, spec.Training!.ResidualDropout > 0 ? 3ul : null, spec.Training.ResidualDropout > 0 ? 0.1 : 0, Lengths);

    /// <summary>The model of a list that shows a feature, with such training.</summary>
    public EmittedModel Of(IReadOnlyDictionary<string, ModelSpec> list, string feature, TrainingSpec training)
    {
        if (!_compiled.TryGetValue((list, training), out Dictionary<string, EmittedModel>? models))
        {
            EmittedModel[] compiled = EmittedModel.Compile([.. list.Values.Select(spec => spec with { Training = training })]);
            _compiled.Add((list, training), models = list.Keys.Zip(compiled).ToDictionary(pair => pair.First, pair => pair.Second));
        }
        return models[feature];
    }

    public void Dispose()
    {
        foreach (EmittedModel model in _compiled.Values.SelectMany(models => models.Values))
            model.Dispose();
    }
}
