using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.TestSupport.Specs;
using Formwork.Training.Data;
using Formwork.Training.Optimizers;
using Formwork.Training.Schedules;
using Xunit;

namespace Formwork.Training.Tests.Learning;

/// <summary>
/// The task of JoeyNMT's <c>transformer_reverse</c> configuration: to write a sequence backwards. An encoder-decoder of two layers, width 64,
/// learns it from examples in seconds, and writes sequences that it has not seen.
/// </summary>
public sealed class ReversalTests
{
    private const int Symbols = 12, Start = 0, End = 1, Vocabulary = Symbols + 2, Longest = 10, Examples = 4000, HeldOut = 200;

    [Fact]
    public void SequencesThatWereNeverSeenAreReversed()
    {
        ModelSpec translator = SmallSpecs.Translator("Reverser", Vocabulary, context: Longest + 2, width: 64, layers: 2, heads: 4);
        ModelSpec spec = translator with
        {
            Generation = new GenerationSpec { Start = Start },
            Tokenizer = translator.Tokenizer with { EndTokens = new[] { End }.ToEquatableArray() },
            Training = new TrainingSpec { EmbeddingDropout = 0, ResidualDropout = 0 },
        };
        using var model = (EncoderDecoderModel)LearningModel.Create(spec, Initialization.Xavier, threads: 2);
        (int[][] sources, ParallelSet set) = Draw();
        var data = new ExampleBatches(set, new TranslationObjective(new TranslationFrame(Start, End, End)), new BatchLimits { Rows = 1000 });
        var options = new TrainingOptions
        {
            Steps = 600,
            LearningRate = new CosineSchedule(3e-3, 60, 600, 1e-5),
            Optimizer = new AdamWOptions { Beta2 = 0.98, Epsilon = 1e-9, WeightDecay = 0 },
            LabelSmoothing = 0.1,
        };
        using (var trainer = new Trainer(model, data, options))
            trainer.Run();

        IReadOnlyList<Hypothesis>[] written = model.Search([.. sources.Select(source => (int[])[.. source, End])], new BeamSearchOptions { Beams = 1, MaxTokens = Longest + 1 });

        int exact = sources.Zip(written).Count(pair => pair.First.Reverse().SequenceEqual(pair.Second[0].Tokens.Where(token => token != End)));
        Assert.True(exact >= 0.99 * HeldOut, $"{exact} of {HeldOut}");
    }

    /// <summary>Examples, and sources that are none of them.</summary>
    private static (int[][] HeldOut, ParallelSet Examples) Draw()
    {
        var random = new Random(11);
        var seen = new HashSet<string>();
        var drawn = new List<int[]>();
        while (drawn.Count < Examples + HeldOut)
        {
            int[] source = [.. Enumerable.Range(0, random.Next(4, Longest + 1)).Select(_ => 2 + random.Next(Symbols))];
            if (seen.Add(string.Join(' ', source)))
                drawn.Add(source);
        }
        TokenList sources = new(Vocabulary), targets = new(Vocabulary);
        foreach (int[] source in drawn.Take(Examples))
        {
            sources.Add(source);
            sources.EndSequence();
            targets.Add([.. source.Reverse()]);
            targets.EndSequence();
        }
        return ([.. drawn.Skip(Examples)], new ParallelSet(sources, targets));
    }
}
