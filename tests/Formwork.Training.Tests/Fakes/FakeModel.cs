using Formwork.Runtime.Models;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Tokenization;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;

namespace Formwork.Training.Tests.Fakes;

/// <summary>
/// A model of one token's view, with gradients derived by hand: logits = U·drop(tanh(W·E[token] + b)). Its packing has what real ones have:
/// panels with an unfilled last one, dense rows with padding, a block that no parameter covers.
/// </summary>
internal sealed unsafe class FakeModel : DecoderModel
{
    public const int Vocabulary = 11, Width = 12, Hidden = 20;
    public const double DropoutRate = 0.25;

    private const int HoleOffset = Embedding + Vocabulary * 16, WeightOffset = HoleOffset + 32, BiasOffset = WeightOffset + 32 * Width, HeadOffset = BiasOffset + 32;
    private const int Embedding = 0;

    private static readonly WeightSlot E = new("embedding.token", "wte", Vocabulary, Width, Embedding, WeightPacking.Dense);
    private static readonly WeightSlot W = new("layers.0.feed_forward.up.weight", "h.0.up.weight", Hidden, Width, WeightOffset, WeightPacking.Panels) { Transposed = true };
    private static readonly WeightSlot B = new("layers.0.feed_forward.up.bias", "h.0.up.bias", Hidden, 1, BiasOffset, WeightPacking.Panels);
    private static readonly WeightSlot U = new("unembedding.weight", "head", Vocabulary, Hidden, HeadOffset, WeightPacking.Panels);

    public static ModelDescription Architecture { get; } = new()
    {
        Name = "Fake",
        Vocabulary = Vocabulary,
        Context = 8,
        Width = Width,
        Layers = 1,
        Parameters = Vocabulary * Width + Hidden * Width + Hidden + Vocabulary * Hidden,
        FlopsPerToken = 1000,
        ActivationFloats = 16,
        LogitStride = 16,
        TableFloats = 0,
        Weights = new WeightTable("Fake", "fake", [], [E, W, B, U], [], HeadOffset + 16 * Hidden),
        Tokenizer = new TokenizerDescription(TokenizerKind.None, null, null, null, []),
    };

    public FakeModel(int seed = 1, int threads = 1)
        : base(ModelParts.Initial(Architecture, seed, Initialization.Xavier, new LoadOptions { Threads = threads }))
    {
    }

    /// <summary>What the passes of this number and later ones put in place of their losses; null for the losses.</summary>
    public (int Pass, float Loss)? Spoiled { get; set; }

    /// <summary>Passes so far.</summary>
    public int Passes { get; private set; }

    public override TrainingDescription Training { get; } = new() { RowFloats = 64, HeadRowFloats = 16, HeadRows = 4, Classes = Vocabulary };

    protected override void Forward(Batch batch, Worker worker) => throw new NotSupportedException();

    protected override void Train(TrainingPass pass, Worker worker)
    {
        if (worker.Index != 0)
            return;
        Passes++;
        for (int output = 0; output < pass.Outputs; output++)
            Row(pass, output);
        // What kernels leave in padding of gradients is nobody's business.
        if (pass.Backward)
            pass.Gradients[HoleOffset] = 7;
    }

    private void Row(TrainingPass pass, int output)
    {
        int row = pass.OutputRows[output], token = pass.Target.Tokens[row], target = pass.Targets[output];
        uint key = pass.DropoutKey(3), threshold = DropoutMask.Threshold(DropoutRate);
        double[] hidden = new double[Hidden], kept = new double[Hidden], logits = new double[Vocabulary];
        for (int i = 0; i < Hidden; i++)
        {
            double sum = Weights[B.PackedIndex(i, 0)];
            for (int j = 0; j < Width; j++)
                sum += (double)Weights[W.PackedIndex(i, j)] * Weights[E.PackedIndex(token, j)];
            hidden[i] = Math.Tanh(sum);
            kept[i] = !pass.Dropping ? 1 : DropoutMask.Mix(key, (uint)(row * Hidden + i)) >= threshold ? 1 / (1 - DropoutRate) : 0;
        }
        for (int k = 0; k < Vocabulary; k++)
        {
            for (int i = 0; i < Hidden; i++)
                logits[k] += Weights[U.PackedIndex(k, i)] * hidden[i] * kept[i];
        }
        double most = logits.Max(), log = most + Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
        pass.LogLikelihoods[output] = (float)(logits[target] - log);
        pass.Losses[output] = Spoiled is { } spoiled && Passes >= spoiled.Pass ? spoiled.Loss
            : (float)logits.Select((logit, k) => -Share(pass, k, target) * (logit - log)).Sum();
        pass.Predictions[output] = Array.IndexOf(logits, most);
        if (pass.Backward)
            Backward(pass, token, hidden, kept, [.. logits.Select((logit, k) => pass.LossFactor * (Math.Exp(logit - log) - Share(pass, k, target)))]);
    }

    private static double Share(TrainingPass pass, int k, int target) =>
        pass.LabelSmoothing / Vocabulary + (k == target ? 1 - pass.LabelSmoothing : 0);

    private void Backward(TrainingPass pass, int token, double[] hidden, double[] kept, double[] ofLogits)
    {
        for (int i = 0; i < Hidden; i++)
        {
            double ofHidden = 0;
            for (int k = 0; k < Vocabulary; k++)
            {
                pass.Gradients[U.PackedIndex(k, i)] += (float)(ofLogits[k] * hidden[i] * kept[i]);
                ofHidden += ofLogits[k] * Weights[U.PackedIndex(k, i)] * kept[i];
            }
            double ofSum = ofHidden * (1 - hidden[i] * hidden[i]);
            pass.Gradients[B.PackedIndex(i, 0)] += (float)ofSum;
            for (int j = 0; j < Width; j++)
            {
                pass.Gradients[W.PackedIndex(i, j)] += (float)(ofSum * Weights[E.PackedIndex(token, j)]);
                pass.Gradients[E.PackedIndex(token, j)] += (float)(ofSum * Weights[W.PackedIndex(i, j)]);
            }
        }
    }
}
