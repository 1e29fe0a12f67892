using Formwork.Runtime.Memory;
using Formwork.Runtime.Models;
using Formwork.Runtime.Tests.Generation;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Weights;

namespace Formwork.Runtime.Tests.Models;

/// <summary>
/// An encoder-decoder model whose logits are a tree's, for what it finds in its caches: each position's token, as a key in panels and as a
/// value. A cache that was not grown, copied or shared rightly gives another tree.
/// </summary>
internal sealed unsafe class FakeTranslator : EncoderDecoderModel
{
    public const int Vocabulary = 12, SourceIds = 300, Start = 1, End = 2, Layers = 2, Heads = 3, HeadWidth = 3, ValueStride = 16;

    public static ModelDescription Architecture { get; } = new()
    {
        Name = "Fake",
        Architecture = ModelArchitecture.EncoderDecoder,
        Vocabulary = Vocabulary,
        SourceVocabulary = SourceIds,
        Context = 150,
        SourceContext = 90,
        Width = 4,
        Layers = 2 * Layers,
        DecoderLayers = Layers,
        Heads = Heads,
        Parameters = 0,
        FlopsPerToken = 1,
        ActivationFloats = 16,
        LogitStride = 16,
        HiddenStride = 16,
        CachePositionFloats = HeadWidth + ValueStride,
        CacheSegments = ModelDescription.Segments((1, HeadWidth), (1, ValueStride)),
        MemorySegments = ModelDescription.Segments((1, HeadWidth), (1, ValueStride)),
        ScratchPositionFloats = 1,
        Generation = new GenerationDefaults { Start = Start },
        TableFloats = 0,
        Weights = new WeightTable("Fake", "fake", [], [], [], 0),
        Tokenizer = new TokenizerDescription(TokenizerKind.None, null, null, null, [End]),
    };

    public FakeTranslator(ModelDescription? description = null, TextTokenizer? tokenizer = null, int maxPassTokens = 100)
        : base(new ModelParts(description ?? Architecture, new NativeBuffer(0), tokenizer, new LoadOptions { Threads = 1, MaxPassTokens = maxPassTokens }))
    {
    }

    /// <summary>Encoder passes so far.</summary>
    public int Encodings { get; private set; }

    /// <summary>Rows of each decoder pass so far.</summary>
    public List<int> Passes { get; } = [];

    /// <summary>What the model says after a target's tokens.</summary>
    public static float[] Logits(IEnumerable<int> source, IEnumerable<int> target) =>
        LogitTree.Logits(source.Aggregate(17, (hash, token) => unchecked(hash * 31 + token)), target, Vocabulary);

    protected override void Encode(Batch batch, Worker worker)
    {
        Encodings++;
        for (int index = 0; index < batch.SequenceCount; index++)
        {
            SequenceRows sequence = batch.Sequences[index];
            for (int row = 0; row < sequence.Rows; row++)
                Put(sequence.Memory, sequence.MemoryCapacity, row, batch.Tokens[sequence.FirstRow + row]);
        }
        for (int output = 0; output < batch.Outputs; output++)
            new Span<float>(batch.Result + output * 16, 16).Fill(batch.Tokens[batch.OutputRows[output]]);
    }

    protected override void Forward(Batch batch, Worker worker)
    {
        Passes.Add(batch.Rows);
        int output = 0;
        for (int index = 0; index < batch.SequenceCount; index++)
        {
            SequenceRows sequence = batch.Sequences[index];
            int[] source = [.. Enumerable.Range(0, sequence.MemoryRows).Select(position => Get(sequence.Memory, sequence.MemoryCapacity, position))];
            for (int row = 0; row < sequence.Rows; row++)
            {
                Put(sequence.Cache, sequence.Capacity, sequence.FirstPosition + row, batch.Tokens[sequence.FirstRow + row]);
                if (batch.AttentionWeights != null)
                    Attend(batch, sequence, row);
                if (output == batch.Outputs || batch.OutputRows[output] != sequence.FirstRow + row)
                    continue;
                var target = Enumerable.Range(0, sequence.FirstPosition + row + 1).Select(position => Get(sequence.Cache, sequence.Capacity, position));
                Logits(source, target).CopyTo(new Span<float>(batch.Result + output++ * 16, 16));
            }
        }
    }

    // A weight says where it belongs: layer, head, target position and source position, a digit or two each.
    private static void Attend(Batch batch, SequenceRows sequence, int row)
    {
        for (int map = 0; map < Layers * Heads; map++)
        {
            for (int position = 0; position < sequence.MemoryCapacity; position++)
                batch.AttentionWeights[(map * batch.Rows + row) * sequence.MemoryCapacity + position] = map * 1_000_000 + (sequence.FirstPosition + row) * 1000 + position;
        }
    }

    private static void Put(float* cache, int capacity, int position, int token)
    {
        for (int i = 0; i < HeadWidth; i++)
            cache[position / 16 * 16 * HeadWidth + i * 16 + position % 16] = token + i;
        new Span<float>(cache + HeadWidth * capacity + position * ValueStride, ValueStride).Fill(token);
    }

    private static int Get(float* cache, int capacity, int position)
    {
        int token = (int)cache[position / 16 * 16 * HeadWidth + position % 16];
        for (int i = 0; i < HeadWidth; i++)
            Require(cache[position / 16 * 16 * HeadWidth + i * 16 + position % 16] == token + i);
        for (int i = 0; i < ValueStride; i++)
            Require(cache[HeadWidth * capacity + position * ValueStride + i] == token);
        return token;
    }

    private static void Require(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("The cache does not hold one token here.");
    }
}
