using Formwork.Compiler.Ops;
using Formwork.Runtime.Kernels;
using Formwork.Runtime.Training;

namespace Formwork.Models.Tests.Kernels.Attention;

/// <summary>Attention in plain float64 loops over rows without padding: what the kernels are held to.</summary>
public sealed class AttentionMeaning
{
    /// <summary>The key of the dropout.</summary>
    public const uint DropoutKey = 0x1234567;

    private readonly AttentionCase _case;
    private readonly bool _dropping;

    /// <summary>Draws the inputs; their float32 values are exact.</summary>
    public AttentionMeaning(AttentionCase attention, bool dropping)
    {
        (_case, _dropping) = (attention, dropping);
        var random = new Random(5);
        double[] Draw(int count, double size) => Enumerable.Range(0, count).Select(_ => (double)(float)((random.NextDouble() * 2 - 1) * size)).ToArray();
        int targets = attention.Targets.Sum(), sources = attention.Sources.Sum();
        Query = Draw(targets * attention.QueryNumbers, 2);
        Key = Draw(sources * attention.KeyNumbers, 2);
        Value = Draw(sources * attention.ValueNumbers, 1);
        Sinks = Draw(attention.Heads, 1);
        Table = Draw((attention.Distance?.Buckets ?? 0) * attention.Heads, 1);
        OutputGradient = Draw(targets * attention.Heads * attention.ValueWidth, 1);
    }

    /// <summary><c>[rows, heads · head width]</c>.</summary>
    public double[] Query { get; }

    /// <summary><c>[rows, key/value heads · head width]</c>.</summary>
    public double[] Key { get; }

    /// <summary><c>[rows, key/value heads · value width]</c>.</summary>
    public double[] Value { get; }

    /// <summary>A score a head.</summary>
    public double[] Sinks { get; }

    /// <summary><c>[buckets, heads]</c>.</summary>
    public double[] Table { get; }

    /// <summary><c>[rows, heads · value width]</c>.</summary>
    public double[] OutputGradient { get; }

    /// <summary>One query's output, and log Σ exp(score).</summary>
    public double[] Attend(int sequence, int query, int head, out double logSum)
    {
        int target = _case.Targets.Take(sequence).Sum() + query, source = _case.Sources.Take(sequence).Sum(), shared = head / _case.Group;
        int[] seen = Enumerable.Range(0, _case.Sources[sequence]).Where(key => Sees(query, key)).ToArray();
        double[] scores = seen.Select(key => Score(target, source + key, head, key - query)).ToArray();
        double largest = Math.Max(scores.Max(), _case.Sinks ? Sinks[head] : double.NegativeInfinity);
        double sum = scores.Sum(score => Math.Exp(score - largest)) + (_case.Sinks ? Math.Exp(Sinks[head] - largest) : 0);
        logSum = largest + Math.Log(sum);
        var output = new double[_case.ValueWidth];
        for (int index = 0; index < seen.Length; index++)
        {
            double weight = Math.Exp(scores[index] - logSum) * Kept(target, head, seen[index]);
            int value = (source + seen[index]) * _case.ValueNumbers + shared * _case.ValueWidth;
            for (int i = 0; i < output.Length; i++)
                output[i] += weight * Value[value + i];
        }
        return output;
    }

    /// <summary>Σ output ∘ its gradient, of the heads of a key/value head in a sequence.</summary>
    public double Loss(int sequence, int shared) => Enumerable.Range(shared * _case.Group, _case.Group).Sum(head => HeadLoss(sequence, head));

    /// <summary>The same of a head in all sequences.</summary>
    public double HeadLoss(int head) => Enumerable.Range(0, _case.Targets.Length).Sum(sequence => HeadLoss(sequence, head));

    private double HeadLoss(int sequence, int head)
    {
        double loss = 0;
        for (int query = 0; query < _case.Targets[sequence]; query++)
        {
            double[] output = Attend(sequence, query, head, out _);
            int gradient = ((_case.Targets.Take(sequence).Sum() + query) * _case.Heads + head) * _case.ValueWidth;
            for (int i = 0; i < output.Length; i++)
                loss += output[i] * OutputGradient[gradient + i];
        }
        return loss;
    }

    private double Score(int target, int source, int head, int distance)
    {
        int query = target * _case.QueryNumbers + head * _case.HeadWidth, key = source * _case.KeyNumbers + head / _case.Group * _case.HeadWidth;
        double score = 0;
        for (int i = 0; i < _case.HeadWidth; i++)
            score += Query[query + i] * Key[key + i];
        score *= (float)_case.Scale;
        if (_case.Cap is { } cap)
            score = cap * Math.Tanh(score / cap);
        return _case.Distance switch
        {
            null => score,
            { Buckets: 0 } => score - DistanceBias.Slopes(_case.Heads)[head] * Math.Abs(distance),
            { } learned => score + Table[PositionTables.DistanceBucket(distance, learned.Buckets, learned.MaxDistance, learned.Bidirectional) * _case.Heads + head],
        };
    }

    private bool Sees(int query, int key)
    {
        if (_case.Mask == AttentionMask.Causal)
            return key <= query && (_case.Window is not { } last || key > query - last);
        return _case.Window is not { } window || Math.Abs(key - query) <= window / 2;
    }

    private double Kept(int row, int head, int position)
    {
        if (!_dropping || _case.DropoutRate == 0)
            return 1;
        uint place = (uint)((row * _case.Heads + head) * _case.Context + position);
        return DropoutMask.Mix(DropoutKey, place) < DropoutMask.Threshold(_case.DropoutRate) ? 0 : 1 / (1 - _case.DropoutRate);
    }
}
