using Formwork.Compiler.Graph;
using Formwork.Runtime.Models;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Models.Tests.Emitted;

/// <summary>Emitted encoder-decoders compute what the interpreter says, feature by feature.</summary>
public class TranslatorFeatureTests(EncoderModels models) : IClassFixture<EncoderModels>
{
    public static TheoryData<string> Names => [.. EncoderFeatures.Translators.Keys];

    [Theory, MemberData(nameof(Names))]
    public void FullPassesAgree(string feature)
    {
        EmittedModel emitted = models.Translator(feature);
        using EncoderDecoderModel model = emitted.Load<EncoderDecoderModel>();
        foreach (int length in new[] { 1, 9, 17, 24 })
        {
            Source source = Source.Of(emitted, length, seed: length);
            int[] target = emitted.Tokens(24, seed: 1);
            NodeValues expected = source.Values(emitted, target);
            using SourceMemory memory = source.Encode(model);
            using DecoderSession session = model.NewSession(memory);
            Agreement.Close(expected[GraphOutput.Logits], session.AllLogits(target), $"the logits over a source of {length}");
            if (source.Tokens.Length > 0)
                Agreement.Close(expected[GraphOutput.HiddenStates], model.EncodeStates(source.Tokens), $"the states of a source of {length}");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void StepsOfSeveralSourcesAgree(string feature)
    {
        EmittedModel emitted = models.Translator(feature);
        using EncoderDecoderModel model = emitted.Load<EncoderDecoderModel>(threads: 2);
        Source[] sources = new[] { 5, 1, 20 }.Select((length, index) => Source.Of(emitted, length, seed: index)).ToArray();
        int[][] targets = sources.Select((_, index) => emitted.Tokens(8, seed: 10 + index)).ToArray();
        double[][] expected = sources.Select((source, index) => source.Values(emitted, targets[index])[GraphOutput.Logits]).ToArray();
        SourceMemory[] memories = sources.Select(source => source.Encode(model)).ToArray();
        DecoderSession[] sessions = memories.Select(model.NewSession).ToArray();

        model.PrefillBatch(sessions, targets.Select(target => target[..3]).ToArray());
        for (int taken = 3; ; taken++)
        {
            int vocabulary = emitted.Spec.Vocabulary;
            for (int index = 0; index < sessions.Length; index++)
                Agreement.Close(expected[index].AsSpan((taken - 1) * vocabulary, vocabulary), sessions[index].Logits, $"the logits of source {index} after {taken} tokens");
            if (taken == 8)
                break;
            model.StepBatch(sessions, targets.Select(target => target[taken]).ToArray());
        }
        foreach (IDisposable part in sessions.Concat<IDisposable>(memories))
            part.Dispose();
    }

    /// <summary>A source: ids, or vectors where the encoder takes such.</summary>
    private sealed record Source(int[] Tokens, float[,]? Vectors)
    {
        public static Source Of(EmittedModel emitted, int length, int seed)
        {
            var random = new Random(seed);
            if (!emitted.Spec.Encoder!.TakesVectors)
                return new Source(Enumerable.Range(0, length).Select(_ => random.Next(emitted.Spec.SourceVocabulary ?? emitted.Spec.Vocabulary)).ToArray(), null);
            var vectors = new float[length, emitted.Spec.Width];
            for (int i = 0; i < vectors.Length; i++)
                vectors[i / emitted.Spec.Width, i % emitted.Spec.Width] = (float)(2 * random.NextDouble() - 1);
            return new Source([], vectors);
        }

        public NodeValues Values(EmittedModel emitted, int[] target) => emitted.Values(new InterpreterInput(target)
        {
            Source = Tokens,
            Vectors = Vectors?.Cast<float>().Select(value => (double)value).ToArray(),
            VectorWidth = emitted.Spec.Width,
        });

        public SourceMemory Encode(EncoderDecoderModel model) => Vectors is null ? model.Encode(Tokens) : model.EncodeVectors(Vectors);
    }
}
