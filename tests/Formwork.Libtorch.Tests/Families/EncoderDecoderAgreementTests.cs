using Formwork.Libtorch.Tests.Families.EncoderDecoders;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// Every encoder-decoder family, from its folder to its logits: what is imported, compiled and run agrees with the family's reference, for one
/// pass, for cached steps, for sources of several lengths at once (which the reference pads and masks), and for what is written greedily.
/// </summary>
public class EncoderDecoderAgreementTests(EncoderDecoderAgreementTests.Imported imported) : FamilyTest, IClassFixture<EncoderDecoderAgreementTests.Imported>
{
    private const int TargetLength = 24;
    private static readonly int[] Lengths = [30, 11, 1, 17];

    public static TheoryData<string> Names => EncoderDecoderFamilies.Names;

    public static TheoryData<string> OfTokens => new(EncoderDecoderFamilies.All.Where(family => !family.TakesVectors).Select(family => family.Name));

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void OnePassAndCachedStepsAgree(string name)
    {
        var run = new Expectation(EncoderDecoderFamilies.Named(name));
        using EncoderDecoderModel model = imported.Load<EncoderDecoderModel>(name, maxPassTokens: 64);

        for (int row = 0; row < Lengths.Length; row++)
        {
            using SourceMemory memory = Encode(model, run.Sources, row);
            using DecoderSession whole = model.NewSession(memory), stepped = model.NewSession(memory);
            Agree(run.Logits(row, 0, TargetLength), Numbers(whole.AllLogits(run.Targets[row])), what: $"the logits of one pass over source {row}");
            stepped.Prefill(run.Targets[row].AsSpan(0, 5));
            for (int position = 5; position < TargetLength; position++)
            {
                Agree(run.Logits(row, position, 1), Numbers(stepped.Step(run.Targets[row][position])),
                    what: $"the logits of the step at position {position} over source {row}");
            }
        }
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void SourcesOfSeveralLengthsTogetherAgree(string name)
    {
        var run = new Expectation(EncoderDecoderFamilies.Named(name));
        using EncoderDecoderModel model = imported.Load<EncoderDecoderModel>(name, maxPassTokens: 64);
        SourceMemory[] memories = run.Sources.Width > 0
            ? Lengths.Select((_, row) => Encode(model, run.Sources, row)).ToArray()
            : model.Encode(run.Sources.Tokens);
        DecoderSession[] sessions = memories.Select(model.NewSession).ToArray();
        Array.ForEach(memories, memory => memory.Dispose());
        int[] firsts = [7, 1, 12, 3];

        model.PrefillBatch(sessions, run.Targets.Select((target, row) => target[..firsts[row]]).ToArray());
        for (int row = 0; row < Lengths.Length; row++)
            Agree(run.Logits(row, firsts[row] - 1, 1), Numbers(sessions[row].Logits), what: $"the logits after the first tokens over source {row} among others");
        for (int step = 0; step < 6; step++)
        {
            model.StepBatch(sessions, run.Targets.Select((target, row) => target[firsts[row] + step]).ToArray());
            for (int row = 0; row < Lengths.Length; row++)
                Agree(run.Logits(row, firsts[row] + step, 1), Numbers(sessions[row].Logits), what: $"the logits of step {step} over source {row} among others");
        }
        Array.ForEach(sessions, session => session.Dispose());
    }

    [LibtorchTheory]
    [MemberData(nameof(OfTokens))]
    public void StatesAndCrossAttentionAgree(string name)
    {
        var run = new Expectation(EncoderDecoderFamilies.Named(name));
        using EncoderDecoderModel model = imported.Load<EncoderDecoderModel>(name, maxPassTokens: 64);

        for (int row = 0; row < Lengths.Length; row++)
        {
            Agree(Numbers(run.Memory[row].slice(0, 0, Lengths[row], 1)), Numbers(model.EncodeStates(run.Sources.Tokens[row])), what: $"the encoder's states of source {row}");
            double[] patterns = run.Pass.CrossAttention.SelectMany(pattern => Numbers(pattern[row].slice(-1, 0, Lengths[row], 1))).ToArray();
            Agree(patterns, Numbers(model.CrossAttention(run.Sources.Tokens[row], run.Targets[row])), what: $"the cross-attention of source {row}");
        }
    }

    [LibtorchTheory]
    [MemberData(nameof(Names))]
    public void WhatIsWrittenGreedilyIsTheSame(string name)
    {
        EncoderDecoderReference family = EncoderDecoderFamilies.Named(name);
        var run = new Expectation(family);
        using EncoderDecoderModel model = imported.Load<EncoderDecoderModel>(name, maxPassTokens: 64);
        IReadOnlyList<int> ends = model.Description.Tokenizer.EndTokens;
        int[][] expected = Lengths.Select((_, row) => run.Greedy(row, 20, ends)).ToArray();

        Assert.Equal(family.Start, model.Description.Generation.Start);
        Assert.Equal(expected, Lengths.Select((_, row) => Greedy(model, run.Sources, row, family.Start, 20, ends)).ToArray());
        if (run.Sources.Width > 0)
            return;
        var options = new BeamSearchOptions { Beams = 1, Best = 1, ForcedFirst = [], Suppressed = [], MaxTokens = 20 };
        Assert.Equal(expected, model.Search(run.Sources.Tokens, options).Select(found => found[0].Tokens.ToArray()).ToArray());
    }

    [LibtorchFact]
    public void LibtorchsOwnTransformerAgrees()
    {
        var family = (VaswaniReference)EncoderDecoderFamilies.Named("vaswani_libtorch");
        var run = new Expectation(family);
        Tensor logits = LibtorchTransformer.Logits(family, run.Weights, run.Sources.Padded(ScalarType.Float64), run.Sources.Mask, run.Target);
        using EncoderDecoderModel model = imported.Load<EncoderDecoderModel>(family.Name);

        for (int row = 0; row < Lengths.Length; row++)
        {
            using SourceMemory memory = model.Encode(run.Sources.Tokens[row]);
            using DecoderSession session = model.NewSession(memory);
            Agree(Numbers(logits[row]), Numbers(session.AllLogits(run.Targets[row])));
        }
    }

    private static SourceMemory Encode(EncoderDecoderModel model, EncoderInputs sources, int row) =>
        sources.Width > 0 ? model.EncodeVectors(sources.Matrix(row)) : model.Encode(sources.Tokens[row]);

    /// <summary>The most probable tokens, one after the other, up to an end token or as many as are wanted.</summary>
    private static int[] Greedy(EncoderDecoderModel model, EncoderInputs sources, int row, int start, int most, IReadOnlyList<int> ends)
    {
        using SourceMemory memory = Encode(model, sources, row);
        using DecoderSession session = model.NewSession(memory);
        var written = new List<int>();
        int next = start;
        while (written.Count < most)
        {
            double[] logits = Numbers(session.Step(next));
            next = Array.IndexOf(logits, logits.Max());
            if (ends.Contains(next))
                break;
            written.Add(next);
        }
        return [.. written];
    }

    /// <summary>What the reference says, in float64 from the stored float32 numbers, all sources padded to one length.</summary>
    private sealed class Expectation
    {
        private readonly EncoderDecoderReference _family;

        public Expectation(EncoderDecoderReference family)
        {
            _family = family;
            Weights = TinyWeights.Draw(family, ImportedFamilies.Seed, ScalarType.Float64);
            Sources = family.Sources(ImportedFamilies.Seed, Lengths);
            Targets = Lengths.Select((_, row) => RandomTokens(TargetLength, family.TargetVocabulary, row)).ToArray();
            Memory = family.Encode(Weights, Sources.Padded(ScalarType.Float64), Sources.Mask);
            Target = tensor(Targets.SelectMany(ids => ids.Select(id => (long)id)).ToArray(), [Lengths.Length, TargetLength]);
            Pass = family.Decode(Weights, Memory, Sources.Mask, Target);
        }

        public TinyWeights Weights { get; }

        public EncoderInputs Sources { get; }

        public int[][] Targets { get; }

        public Tensor Memory { get; }

        public Tensor Target { get; }

        public DecoderPass Pass { get; }

        public double[] Logits(int row, int first, int count) => Numbers(Pass.Logits[row].slice(0, first, first + count, 1));

        public int[] Greedy(int row, int most, IReadOnlyList<int> ends)
        {
            EncoderInputs source = Sources.Pick(row);
            Tensor memory = Memory.slice(0, row, row + 1, 1).slice(1, 0, Lengths[row], 1);
            var ids = new List<long> { _family.Start };
            while (ids.Count <= most)
            {
                Tensor logits = _family.Decode(Weights, memory, source.Mask, tensor(ids.ToArray(), [1, ids.Count])).Logits[0, -1];
                long next = logits.argmax().item<long>();
                if (ends.Contains((int)next))
                    break;
                ids.Add(next);
            }
            return ids.Skip(1).Select(id => (int)id).ToArray();
        }
    }

    /// <summary>All families' checkpoints, imported and compiled together.</summary>
    public sealed class Imported() : ImportedFamilies(EncoderDecoderFamilies.All);
}
