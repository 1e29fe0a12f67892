using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.TestSupport.Interpreter;

/// <content>What stands in a graph while training only.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>Numbers whose mixed place lies below the rate are 0, the others divided by 1 − rate.</summary>
    public double[] Visit(Dropout operation, Node node)
    {
        double[] x = Input(node, 0);
        if (_input.DropoutSeed is not { } seed)
            return x;
        uint key = DropoutKey(seed, operation.Site), threshold = (uint)(operation.Rate * 4294967296.0);
        return x.Select((value, place) => Mix(key, (uint)place) < threshold ? 0 : value / (1 - operation.Rate)).ToArray();
    }

    /// <summary>The rows that have a target.</summary>
    public double[] Visit(WantedRows operation, Node node)
    {
        double[] x = Input(node, 0);
        int width = node.Shape.Width;
        IEnumerable<int> rows = _input.OutputRows ?? Enumerable.Range(0, x.Length / width);
        return rows.SelectMany(row => x.Skip(row * width).Take(width)).ToArray();
    }

    /// <summary>The targets.</summary>
    public double[] Visit(TargetIds operation, Node node) => _input.Targets.Select(target => (double)target).ToArray();

    /// <summary>The mean over rows of −Σ q·log softmax(z), q = 1 − s at the target, and s / classes everywhere.</summary>
    public double[] Visit(CrossEntropy operation, Node node)
    {
        double[] targets = Input(node, 1);
        int classes = node.Inputs[0].Shape.Width;
        double sum = 0;
        foreach ((double[] z, double target) in Input(node, 0).Chunk(classes).Zip(targets))
        {
            double largest = z.Max(), logSum = largest + Math.Log(z.Sum(value => Math.Exp(value - largest)));
            sum += (1 - _input.LabelSmoothing) * (logSum - z[(int)target]) + _input.LabelSmoothing * z.Average(value => logSum - value);
        }
        return [sum / targets.Length];
    }

    // Wellons' lowbias32 of place and key, and SplitMix64's finisher of seed and site.
    private static uint Mix(uint key, uint place)
    {
        uint x = place * 0x9E3779B9 + key;
        x = (x ^ x >> 16) * 0x7feb352d;
        x = (x ^ x >> 15) * 0x846ca68b;
        return x ^ x >> 16;
    }

    private static uint DropoutKey(ulong seed, int site)
    {
        ulong value = seed + (ulong)(uint)site * 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return (uint)((value ^ value >> 31) >> 32);
    }
}
