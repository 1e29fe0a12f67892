using Formwork.Runtime.Memory;
using Formwork.Runtime.Models;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Weights;

namespace Formwork.Runtime.Tests.Models;

/// <summary>
/// An encoder with arithmetic in place of layers. A row's state is [token, type, position, sum of the sequence's tokens], the sum through the
/// scratch memory, so that sequences that were given the same place
/// would disturb each other; what is wanted of it adds thousands: none for states, 1 for logits, 3 for the pooler, 4 for labels.
/// </summary>
internal sealed unsafe class FakeEncoder : EncoderModel
{
    public const int Width = 4;

    public static ModelDescription Architecture { get; } = new()
    {
        Name = "Fake",
        Architecture = ModelArchitecture.EncoderOnly,
        Vocabulary = 10,
        TokenTypes = 2,
        Context = 20,
        Width = Width,
        Layers = 1,
        Parameters = 0,
        FlopsPerToken = 1,
        ActivationFloats = 16,
        LogitStride = 16,
        HiddenStride = 16,
        PooledStride = 16,
        Labels = 3,
        LabelStride = 16,
        ScratchPositionFloats = 2,
        HasMaskedLanguageModel = true,
        HasPooler = true,
        TableFloats = 0,
        Weights = new WeightTable("Fake", "fake", [], [], [], 0),
        Tokenizer = new TokenizerDescription(TokenizerKind.None, null, null, null, []),
    };

    public FakeEncoder(ModelDescription? description = null, TextTokenizer? tokenizer = null, int maxPassTokens = 20)
        : base(new ModelParts(description ?? Architecture, new NativeBuffer(0), tokenizer, new LoadOptions { Threads = 1, MaxPassTokens = maxPassTokens }))
    {
    }

    /// <summary>Rows of each pass so far.</summary>
    public List<int> Passes { get; } = [];

    protected override void Forward(Batch batch, Worker worker)
    {
        Passes.Add(batch.Rows);
        for (int index = 0; index < batch.SequenceCount; index++)
        {
            SequenceRows sequence = batch.Sequences[index];
            Assert(sequence.Capacity % 64 == 0 && sequence.Capacity >= sequence.Rows && sequence.FirstPosition == 0);
            for (int i = 0; i < 2 * sequence.Capacity; i++)
                sequence.Cache[i] = float.NaN;
            for (int row = 0; row < sequence.Rows; row++)
                sequence.Cache[sequence.Capacity + row] = Input(batch, sequence.FirstRow + row);
        }
        float* states = batch.Buffer(0);
        for (int index = 0; index < batch.SequenceCount; index++)
        {
            SequenceRows sequence = batch.Sequences[index];
            for (int row = 0; row < sequence.Rows; row++)
                State(batch, sequence, row, states + (sequence.FirstRow + row) * 16);
        }
        for (int output = 0; output < batch.Outputs; output++)
        {
            for (int i = 0; i < 16; i++)
                batch.Result[output * 16 + i] = states[batch.OutputRows[output] * 16 + i % Width] + (batch.Wanted == PassOutput.HiddenStates ? 0 : 1000 * (1 + (int)batch.Wanted));
        }
    }

    // A row's input: its token, or the sum of its vector.
    private static float Input(Batch batch, int row) => batch.Tokens != null ? batch.Tokens[row] : new Span<float>(batch.Vectors + row * 16, 16).ToArray().Sum();

    private static void State(Batch batch, SequenceRows sequence, int row, float* state)
    {
        state[0] = Input(batch, sequence.FirstRow + row);
        state[1] = batch.TokenTypes == null ? -1 : batch.TokenTypes[sequence.FirstRow + row];
        state[2] = batch.Positions[sequence.FirstRow + row];
        state[3] = new Span<float>(sequence.Cache + sequence.Capacity, sequence.Rows).ToArray().Sum();
    }

    private static void Assert(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("The pass is not what generated code expects.");
    }
}
