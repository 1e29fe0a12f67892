using Formwork.Libtorch.Tests.Families;
using Formwork.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>Sequences of several lengths and what some of their rows should foretell, as a trainer takes them and as libtorch does, which pads.</summary>
/// <param name="Target">The sequences; of an encoder-decoder, what its decoder is given.</param>
/// <param name="Source">The sources, one a target; null for models of one stack.</param>
/// <param name="Rows">The rows (or sequences, where they are classified) that have a class, ascending; padding is not counted.</param>
/// <param name="Classes">The class of each.</param>
public sealed record LearningBatch(EncoderInputs Target, EncoderInputs? Source, int[] Rows, int[] Classes)
{
    // Each classifier here has at least so many labels.
    private const int LeastLabels = 2;

    /// <summary>Draws ids for a decoder, and a token for about two thirds of the rows.</summary>
    public static LearningBatch Draw(DecoderReference family, int seed, params int[] lengths) =>
        OfTokens(EncoderInputs.OfTokens(family.Config.Integer("vocab_size"), 1, seed, lengths), null, family.Config.Integer("vocab_size"), seed);

    /// <summary>Draws what an encoder takes, and tokens for a masked language model, labels for a classifier.</summary>
    public static LearningBatch Draw(EncoderReference family, int seed, params int[] lengths)
    {
        EncoderInputs inputs = family.Inputs(seed, lengths);
        if (family.HasMaskedLanguageModel)
            return OfTokens(inputs, null, family.Config.Integer("vocab_size"), seed);
        var random = new Random(seed);
        return new LearningBatch(inputs, null, [.. Enumerable.Range(0, lengths.Length)], [.. lengths.Select(_ => random.Next(LeastLabels))]);
    }

    /// <summary>Draws targets of these lengths for an encoder-decoder, and sources of other ones.</summary>
    public static LearningBatch Draw(EncoderDecoderReference family, int seed, params int[] lengths)
    {
        EncoderInputs sources = family.Sources(seed + 1, [.. lengths.Select((_, i) => lengths[^(i + 1)] + 1)]);
        return OfTokens(EncoderInputs.OfTokens(family.TargetVocabulary, 1, seed, lengths), sources, family.TargetVocabulary, seed);
    }

    /// <summary>The same for a family of any architecture.</summary>
    public static LearningBatch Draw(FamilyReference family, int seed, params int[] lengths) => family switch
    {
        DecoderReference decoder => Draw(decoder, seed, lengths),
        EncoderReference encoder => Draw(encoder, seed, lengths),
        EncoderDecoderReference both => Draw(both, seed, lengths),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "a family of no known architecture"),
    };

    /// <summary>As a trainer takes it.</summary>
    public TrainingBatch ForTrainer => new(Sequences(Target), Source is null ? null : Sequences(Source), Rows, Classes);

    /// <summary>The sum of the classes' losses by the family's reference, in the weights' number type.</summary>
    public Tensor SummedLoss(FamilyReference family, TinyWeights weights, double smoothing = 0) => functional.cross_entropy(
        Logits(family, weights)[tensor(Rows)], tensor(Classes.Select(id => (long)id).ToArray()), reduction: Reduction.Sum, label_smoothing: smoothing);

    /// <summary>A row of logits for each token or sequence.</summary>
    private Tensor Logits(FamilyReference family, TinyWeights weights)
    {
        Tensor input = Target.Padded(weights.Type), mask = Target.Mask;
        switch (family)
        {
            case DecoderReference decoder:
                return Target.WithoutPadding(decoder.Logits(weights, input, mask));
            case EncoderReference encoder:
                Tensor states = encoder.HiddenStates(weights, input, mask, Target.PaddedTypes);
                return encoder.HasMaskedLanguageModel ? Target.WithoutPadding(encoder.MaskedLanguageModelLogits(weights, states)) : encoder.Labels(weights, states);
            default:
                // A target's padding stands behind it, where nothing looks.
                return Target.WithoutPadding(((EncoderDecoderReference)family).Logits(weights, Source!.Padded(weights.Type), Source.Mask, input));
        }
    }

    private static LearningBatch OfTokens(EncoderInputs target, EncoderInputs? source, int vocabulary, int seed)
    {
        var random = new Random(seed + 2);
        int[] rows = [.. Enumerable.Range(0, target.Lengths.Sum()).Where(row => row == 0 || random.Next(3) > 0)];
        return new LearningBatch(target, source, rows, [.. rows.Select(_ => random.Next(vocabulary))]);
    }

    private static TrainingSequences Sequences(EncoderInputs inputs) =>
        new([.. inputs.Tokens.SelectMany(ids => ids)], inputs.Lengths, [.. inputs.Types.SelectMany(types => types)]);
}
