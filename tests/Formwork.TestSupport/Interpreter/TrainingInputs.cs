using Formwork.Compiler.Spec;

namespace Formwork.TestSupport.Interpreter;

/// <summary>Random inputs with targets, of whatever a model reads.</summary>
public static class TrainingInputs
{
    /// <summary>Draws one sequence of so many tokens. About two thirds of the rows have a target; of a classifier the sequence has one.</summary>
    public static InterpreterInput Draw(ModelSpec spec, int tokens, int seed)
    {
        var random = new Random(seed);
        bool hears = spec.Encoder is { TakesVectors: true }, translates = spec.Decoder is not null && spec.Encoder is not null;
        int sourceTokens = Math.Min(tokens + 2, spec.Encoder?.Context ?? 0);
        tokens = Math.Min(tokens, (spec.Decoder ?? spec.Encoder)!.Context);
        int[] rows = Enumerable.Range(0, tokens).Where(row => row == tokens / 2 || random.Next(3) > 0).ToArray();
        bool classifies = spec.Unembedding is null;
        return new InterpreterInput(hears && !translates ? [] : Ids(tokens, spec.Vocabulary))
        {
            TokenTypes = spec.Embedding.TokenTypes > 0 && !translates ? Ids(tokens, spec.Embedding.TokenTypes) : null,
            Source = translates && !hears ? Ids(sourceTokens, spec.SourceVocabulary ?? spec.Vocabulary) : [],
            Vectors = hears ? RandomParameters.Normal(random, (translates ? sourceTokens : tokens) * spec.Width) : null,
            VectorWidth = spec.Width,
            OutputRows = classifies ? [0] : rows,
            Targets = classifies ? Ids(1, spec.Classifier?.Labels ?? 1) : Ids(rows.Length, spec.Vocabulary),
        };

        int[] Ids(int count, int below) => Enumerable.Range(0, count).Select(_ => random.Next(below)).ToArray();
    }
}
