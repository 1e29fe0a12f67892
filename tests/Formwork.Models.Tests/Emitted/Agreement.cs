using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Models.Tests.Emitted;

/// <summary>What it is for a compiled model to compute what its graph means.</summary>
public static class Agreement
{
    // Some hundred products in single precision, then what norms and softmax make of their last digits.
    private const double Tolerance = 1e-4;

    /// <summary>Everything below.</summary>
    public static void Check(EmittedModel emitted)
    {
        FullPassesAgree(emitted);
        StepsAgree(emitted);
        PromptsInPiecesAgree(emitted);
        BatchesAgree(emitted);
        ThreadsChangeNothing(emitted);
    }

    /// <summary>The logits after every token of prompts of several lengths, the whole context among them.</summary>
    public static void FullPassesAgree(EmittedModel emitted)
    {
        int[] longest = emitted.Tokens(emitted.Context);
        double[] expected = emitted.Expected(longest);
        using DecoderModel model = emitted.Load();
        foreach (int length in new[] { 1, 2, 5, 8, 13, emitted.Context }.Where(length => length <= emitted.Context).Distinct())
        {
            using DecoderSession session = model.NewSession();
            float[] found = session.AllLogits(longest.AsSpan(0, length));
            Close(expected.AsSpan(0, length * emitted.Spec.Vocabulary), found, $"the logits of {length} tokens");
            Close(LogitsAfter(emitted, expected, length), session.Logits, $"the last logits of {length} tokens");
        }
    }

    /// <summary>A prompt, then one token at a time up to the context: the cache gives what one full pass gives.</summary>
    public static void StepsAgree(EmittedModel emitted)
    {
        int[] tokens = emitted.Tokens(emitted.Context, seed: 1);
        double[] expected = emitted.Expected(tokens);
        using DecoderModel model = emitted.Load();
        foreach (int prompt in new[] { 1, Math.Min(6, emitted.Context) })
        {
            using DecoderSession session = model.NewSession();
            Close(LogitsAfter(emitted, expected, prompt), session.Prefill(tokens.AsSpan(0, prompt)), $"the logits of a prompt of {prompt}");
            for (int position = prompt; position < tokens.Length; position++)
                Close(LogitsAfter(emitted, expected, position + 1), session.Step(tokens[position]), $"the logits of step {position} after a prompt of {prompt}");
            Assert.Equal(tokens.Length, session.Position);
        }
    }

    /// <summary>A prompt longer than what one pass takes.</summary>
    public static void PromptsInPiecesAgree(EmittedModel emitted)
    {
        int[] tokens = emitted.Tokens(emitted.Context, seed: 2);
        double[] expected = emitted.Expected(tokens);
        foreach (int pass in new[] { 1, 3, 7 })
        {
            using DecoderModel model = emitted.Load(maxPassTokens: pass);
            using DecoderSession session = model.NewSession();
            Close(expected, session.AllLogits(tokens), $"the logits of passes of {pass}");
            session.Reset();
            Close(LogitsAfter(emitted, expected, tokens.Length), session.Prefill(tokens), $"the last logits of passes of {pass}");
        }
    }

    /// <summary>Several sequences of different lengths, taken and stepped together, each as if alone.</summary>
    public static void BatchesAgree(EmittedModel emitted)
    {
        int steps = Math.Min(3, emitted.Context - 1);
        int[][] sequences = new[] { 1, 2, 5, 9, 17 }
            .Select((length, index) => emitted.Tokens(Math.Min(length, emitted.Context - steps) + steps, seed: 3 + index)).ToArray();
        double[][] expected = sequences.Select(emitted.Expected).ToArray();
        using DecoderModel model = emitted.Load();
        DecoderSession[] sessions = sequences.Select(_ => model.NewSession()).ToArray();

        model.PrefillBatch(sessions, sequences.Select(sequence => sequence[..^steps]).ToArray());
        CloseAfter(left: steps);
        for (int left = steps - 1; left >= 0; left--)
        {
            model.StepBatch(sessions, sequences.Select(sequence => sequence[^(left + 1)]).ToArray());
            CloseAfter(left);
        }
        foreach (DecoderSession session in sessions)
            session.Dispose();

        void CloseAfter(int left)
        {
            for (int index = 0; index < sessions.Length; index++)
            {
                int taken = sequences[index].Length - left;
                Close(LogitsAfter(emitted, expected[index], taken), sessions[index].Logits, $"the logits of sequence {index} of a batch after {taken} tokens");
            }
        }
    }

    /// <summary>Passes and steps give the same bits on one, two and three threads.</summary>
    public static void ThreadsChangeNothing(EmittedModel emitted)
    {
        int[] tokens = emitted.Tokens(emitted.Context, seed: 9);
        float[] alone = Run(1);
        Assert.Equal(alone, Run(2));
        Assert.Equal(alone, Run(3));

        float[] Run(int threads)
        {
            using DecoderModel model = emitted.Load(threads);
            using DecoderSession session = model.NewSession();
            int prompt = (tokens.Length * 2 + 2) / 3;
            float[] logits = session.AllLogits(tokens.AsSpan(0, prompt));
            return tokens.Skip(prompt).Aggregate(logits, (all, token) => [.. all, .. session.Step(token)]);
        }
    }

    private static ReadOnlySpan<double> LogitsAfter(EmittedModel emitted, double[] logits, int tokens) =>
        logits.AsSpan((tokens - 1) * emitted.Spec.Vocabulary, emitted.Spec.Vocabulary);

    /// <summary>Every number lies within the tolerance of what is expected, as a share of the largest.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = 0, worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            double difference = Math.Abs(expected[i] - found[i]);
            // Written so that a NaN counts as the worst of all.
            if (!(difference <= worst))
                (worst, at) = (difference, i);
        }
        Assert.True(worst <= Tolerance * largest, $"{what}: number {at} is {found[at]:G9}, expected {expected[at]:G9}; the largest is {largest:G3}");
    }
}
