using Formwork.Runtime.Memory;
using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Weights;

namespace Formwork.Runtime.Models;

/// <summary>What a compiled model is put together from: its description, packed weights and tokenizer.</summary>
/// <param name="Description">The compiler's numbers.</param>
/// <param name="Weights">The packed weights; the model owns and frees them.</param>
/// <param name="Tokenizer">The tokenizer; null when the spec names none.</param>
/// <param name="Options">How it was loaded.</param>
public sealed record ModelParts(ModelDescription Description, NativeBuffer Weights, TextTokenizer? Tokenizer, LoadOptions Options)
{
    /// <summary>The tokenizer of what the model writes; null where it is that of what it reads.</summary>
    public TextTokenizer? TargetTokenizer { get; init; }

    /// <summary>Reads weights and tokenizer from a folder.</summary>
    /// <exception cref="InvalidInputException">A file is missing, damaged, or not this model's.</exception>
    public static ModelParts Load(ModelDescription description, string folder, LoadOptions? options)
    {
        options = Checked(options);
        (TextTokenizer? tokenizer, TextTokenizer? target) = Tokenizers(description, options.Tokenizer ?? folder);
        using Checkpoint checkpoint = Checkpoint.Open(options.Weights ?? folder);
        NativeBuffer weights = WeightLoader.Load(checkpoint, description.Weights, ThreadCount(options));
        return new ModelParts(description, weights, tokenizer, options) { TargetTokenizer = target };
    }

    /// <summary>Draws random weights, the same for the same seed: for benchmarks and tests. There is a tokenizer when the options name its place.</summary>
    /// <exception cref="InvalidInputException">The tokenizer's files are missing, damaged, or not this model's.</exception>
    public static ModelParts Random(ModelDescription description, int seed, LoadOptions? options)
    {
        options = Checked(options);
        (TextTokenizer? tokenizer, TextTokenizer? target) = options.Tokenizer is { } place ? Tokenizers(description, place) : (null, null);
        return new ModelParts(description, WeightLoader.Random(description.Weights, seed), tokenizer, options) { TargetTokenizer = target };
    }

    /// <summary>Draws the weights that training starts from, the same for the same seed. There is a tokenizer when the options name its place.</summary>
    /// <exception cref="InvalidInputException">The tokenizer's files are missing, damaged, or not this model's.</exception>
    public static ModelParts Initial(ModelDescription description, int seed, Initialization initialization, LoadOptions? options)
    {
        options = Checked(options);
        (TextTokenizer? tokenizer, TextTokenizer? target) = options.Tokenizer is { } place ? Tokenizers(description, place) : (null, null);
        return new ModelParts(description, InitialWeights.Draw(description.Weights, seed, initialization), tokenizer, options) { TargetTokenizer = target };
    }

    private static (TextTokenizer? Source, TextTokenizer? Target) Tokenizers(ModelDescription description, string place)
    {
        TextTokenizer? source = TokenizerLoader.Load(description.Tokenizer, place);
        TextTokenizer? target = TokenizerLoader.HasOwnTarget(description.Tokenizer) ? TokenizerLoader.LoadTarget(description.Tokenizer, place) : null;
        source?.RequireVocabulary(description.SourceVocabulary > 0 ? description.SourceVocabulary : description.Vocabulary);
        target?.RequireVocabulary(description.Vocabulary);
        return (source, target);
    }

    /// <summary>Number of threads that the options ask for.</summary>
    internal static int ThreadCount(LoadOptions options) => options.Threads ?? Environment.ProcessorCount;

    private static LoadOptions Checked(LoadOptions? options)
    {
        options ??= new LoadOptions();
        if (options.Threads is < 1)
            throw new InvalidInputException("threads", null, $"{options.Threads}", "at least 1", "Leave it out for one thread a processor.");
        if (options.MaxPassTokens < 1)
            throw new InvalidInputException("MaxPassTokens", null, $"{options.MaxPassTokens}", "at least 1", "Leave it out for 512.");
        return options;
    }
}
