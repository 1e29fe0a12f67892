using Formwork.Runtime;
using Formwork.Runtime.Models;
using Formwork.Runtime.Training;
using Formwork.Training.Data;

namespace Formwork.Training;

/// <summary>Gives a batch to a pass, after checking all that generated code takes for granted.</summary>
internal sealed class BatchInput(ModelDescription description)
{
    private readonly int _sourceIds = description.SourceVocabulary > 0 ? description.SourceVocabulary : description.Vocabulary;

    /// <summary>Sets the pass's inputs and targets.</summary>
    /// <exception cref="InvalidInputException">The batch does not fit the model.</exception>
    public void Set(TrainingPass pass, TrainingBatch batch, string place)
    {
        bool twoStacks = description.Architecture == ModelArchitecture.EncoderDecoder;
        if (twoStacks != batch.Source is not null)
            throw Fault(place, twoStacks ? "no sources" : "sources", $"{(twoStacks ? "a source a target" : "none")} for {description.Name}");
        Check(batch.Target, description.Vocabulary, description.Context, place);
        if (batch.Source is { } source)
        {
            Check(source, _sourceIds, description.SourceContext, place);
            if (source.Lengths.Length != batch.Target.Lengths.Length)
                throw Fault(place, $"{source.Lengths.Length} sources", $"as many as targets, {batch.Target.Lengths.Length}");
        }
        try
        {
            pass.Target.Set(batch.Target.Tokens, batch.Target.Lengths, batch.Target.TokenTypes);
            if (batch.Source is { } from)
                pass.Source.Set(from.Tokens, from.Lengths, from.TokenTypes);
            pass.SetTargets(batch.OutputRows, batch.Targets);
        }
        catch (ArgumentException error)
        {
            throw new InvalidInputException("training data", place, error.Message, "rows and targets that fit", "Correct the data.", error);
        }
    }

    private void Check(TrainingSequences sequences, int ids, int context, string place)
    {
        foreach (int token in sequences.Tokens)
        {
            if ((uint)token >= (uint)ids)
                throw Fault(place, $"token {token}", $"ids below {ids}, {description.Name}'s vocabulary");
        }
        foreach (int length in sequences.Lengths)
        {
            if (length > context)
                throw Fault(place, $"a sequence of {length} tokens", $"at most {context}, {description.Name}'s context");
        }
        foreach (int type in sequences.TokenTypes ?? [])
        {
            if ((uint)type >= (uint)Math.Max(description.TokenTypes, 1))
                throw Fault(place, $"token type {type}", $"types below {Math.Max(description.TokenTypes, 1)}");
        }
    }

    private static InvalidInputException Fault(string place, string found, string expected) =>
        new("training data", place, found, expected, "Prepare the data for this model.");
}
