using Formwork.Compiler.Spec;
using Formwork.Runtime.Training;
using Formwork.TestSupport.Interpreter;

namespace Formwork.Models.Tests.Training;

/// <summary>
/// Sequences of several lengths in one training pass, of which some rows have a target: as the interpreter takes them, one by one, each told
/// which rows stand before it, and as a compiled pass takes them, all together.
/// </summary>
public sealed unsafe class RaggedBatch
{
    private readonly ModelSpec _spec;

    /// <summary>Draws sequences of these lengths, or of the context where that is less.</summary>
    public RaggedBatch(ModelSpec spec, int seed, ulong? dropoutSeed, double labelSmoothing, params int[] lengths)
    {
        _spec = spec;
        var sequences = new List<InterpreterInput>();
        for (int index = 0; index < lengths.Length; index++)
        {
            InterpreterInput? before = sequences.LastOrDefault();
            sequences.Add(TrainingInputs.Draw(spec, lengths[index], seed + index) with
            {
                DropoutSeed = dropoutSeed,
                LabelSmoothing = labelSmoothing,
                FirstRow = before is null ? 0 : before.FirstRow + Rows(before),
                FirstSourceRow = before is null ? 0 : before.FirstSourceRow + SourceRows(before),
            });
        }
        Sequences = sequences;
    }

    /// <summary>The sequences.</summary>
    public IReadOnlyList<InterpreterInput> Sequences { get; }

    /// <summary>Rows of all sequences; of the targets, where there are sources.</summary>
    public int RowCount => Sequences.Sum(Rows);

    /// <summary>Rows of all sources.</summary>
    public int SourceRowCount => Sequences.Sum(SourceRows);

    /// <summary>Number of targets.</summary>
    public int TargetCount => Sequences.Sum(sequence => sequence.Targets.Count);

    /// <summary>Gives the batch to a pass.</summary>
    public void Set(TrainingPass pass)
    {
        InterpreterInput first = Sequences[0];
        pass.Target.Set(
            [.. Sequences.SelectMany(sequence => sequence.Tokens.Count > 0 ? sequence.Tokens : new int[Rows(sequence)])], [.. Sequences.Select(Rows)],
            first.TokenTypes is null ? [] : [.. Sequences.SelectMany(sequence => sequence.TokenTypes!)]);
        if (Translates)
            pass.Source.Set([.. Sequences.SelectMany(sequence => sequence.Vectors is null ? sequence.Source : new int[SourceRows(sequence)])], [.. Sequences.Select(SourceRows)]);
        if (first.Vectors is not null)
            SetVectors(Translates ? pass.Source : pass.Target);
        bool classifies = _spec.Unembedding is null;
        pass.SetTargets(
            [.. Sequences.SelectMany((sequence, index) => sequence.OutputRows!.Select(row => classifies ? index : sequence.FirstRow + row))],
            [.. Sequences.SelectMany(sequence => sequence.Targets)]);
        pass.LossFactor = 1f / TargetCount;
        pass.LabelSmoothing = (float)first.LabelSmoothing;
        (pass.Dropping, pass.Seed) = (first.DropoutSeed is not null, first.DropoutSeed ?? 0);
    }

    private bool Translates => _spec.Decoder is not null && _spec.Encoder is not null;

    private void SetVectors(TrainingRows rows)
    {
        int stride = (_spec.Width + 15) / 16 * 16, place = 0;
        foreach (double value in Sequences.SelectMany(sequence => sequence.Vectors!))
        {
            rows.Vectors[place / _spec.Width * stride + place % _spec.Width] = (float)value;
            place++;
        }
    }

    private int Rows(InterpreterInput sequence) => sequence.Tokens.Count > 0 ? sequence.Tokens.Count : sequence.Vectors!.Length / _spec.Width;

    private int SourceRows(InterpreterInput sequence) =>
        !Translates ? 0 : sequence.Vectors is { } vectors ? vectors.Length / _spec.Width : sequence.Source.Count;
}
