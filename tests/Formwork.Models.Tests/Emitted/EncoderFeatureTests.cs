using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Models.Tests.Emitted;

/// <summary>Emitted encoders compute what the interpreter says, feature by feature.</summary>
public class EncoderFeatureTests(EncoderModels models) : IClassFixture<EncoderModels>
{
    private static readonly int[] Lengths = [1, 2, 7, 16, 33];

    public static TheoryData<string> Names => [.. EncoderFeatures.Encoders.Keys];

    [Theory, MemberData(nameof(Names))]
    public void OutputsAgree(string feature)
    {
        EmittedModel emitted = models[feature];
        using EncoderModel model = emitted.Load<EncoderModel>();
        foreach (int length in Lengths.Append(emitted.Context))
            Compare(emitted, model, length);
    }

    /// <summary>A batch gives each sequence the bits that it has alone, on any number of threads.</summary>
    [Theory, MemberData(nameof(Names))]
    public void BatchesAndThreadsChangeNothing(string feature)
    {
        EmittedModel emitted = models[feature];
        if (emitted.Spec.Encoder!.TakesVectors)
            return;
        EncoderInput[] inputs = Lengths.Select((length, index) => Input(emitted, length, index)).ToArray();
        using EncoderModel alone = emitted.Load<EncoderModel>(), together = emitted.Load<EncoderModel>(threads: 3);
        float[][] states = together.Encode(inputs);
        for (int index = 0; index < inputs.Length; index++)
            Assert.Equal(alone.Encode([inputs[index]])[0], states[index]);
    }

    private static void Compare(EmittedModel emitted, EncoderModel model, int length)
    {
        ModelSpec spec = emitted.Spec;
        if (spec.Encoder!.TakesVectors)
        {
            float[,] vectors = Vectors(length, spec.Width);
            NodeValues heard = emitted.Values(new InterpreterInput([]) { Vectors = vectors.Cast<float>().Select(value => (double)value).ToArray(), VectorWidth = spec.Width });
            Agreement.Close(heard[GraphOutput.HiddenStates], model.EncodeVectors(vectors), $"the states of {length} vectors");
            if (spec.Pooler is not null)
                Agreement.Close(heard[GraphOutput.Pooled], model.PoolVectors(vectors), $"the pooled state of {length} vectors");
            if (spec.Classifier is not null)
                Agreement.Close(heard[GraphOutput.Labels], model.LabelLogitsOfVectors(vectors), $"the labels of {length} vectors");
            return;
        }
        EncoderInput input = Input(emitted, length, seed: 0);
        NodeValues expected = emitted.Values(new InterpreterInput(input.Tokens) { TokenTypes = input.TokenTypes });
        Agreement.Close(expected[GraphOutput.HiddenStates], model.Encode([input])[0], $"the states of {length} tokens");
        if (spec.Unembedding is not null)
            Agreement.Close(expected[GraphOutput.Logits], model.Logits(input.Tokens.ToArray(), input.TokenTypes?.ToArray() ?? []), $"the logits of {length} tokens");
        if (spec.Pooler is not null)
            Agreement.Close(expected[GraphOutput.Pooled], model.Pool([input])[0], $"the pooled state of {length} tokens");
        if (spec.Classifier is not null)
            Agreement.Close(expected[GraphOutput.Labels], model.LabelLogits([input])[0], $"the labels of {length} tokens");
    }

    private static EncoderInput Input(EmittedModel emitted, int length, int seed)
    {
        int[] tokens = emitted.Tokens(length, seed);
        return new EncoderInput(tokens, emitted.Spec.Embedding.TokenTypes == 0 ? null : tokens.Select((_, index) => index > length / 2 ? 1 : 0).ToArray());
    }

    private static float[,] Vectors(int rows, int width)
    {
        double[] values = RandomParameters.Normal(new Random(3), rows * width);
        var vectors = new float[rows, width];
        for (int i = 0; i < values.Length; i++)
            vectors[i / width, i % width] = (float)values[i];
        return vectors;
    }
}
