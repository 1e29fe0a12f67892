using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.TestSupport.Interpreter;

/// <content>What stands in a graph while training only.</content>
public sealed partial class GraphInterpreter
{
    /// <summary>Numbers whose mixed place lies below the rate are 0, the others divided by 1 − rate.</summary>
    public double[] Visit(Dropout operation, Node node)
    {
        int first = FirstRow(node.Shape.Dimensions[0]) * node.Shape.Width;
        return Input(node, 0).Select((value, place) => value * Kept(operation.Rate, operation.Site, (uint)(first + place))).ToArray();
    }

    private int FirstRow(Dimension rows) => rows == Dimension.SourceTokens ? _input.FirstSourceRow : _input.FirstRow;

    /// <summary>What a dropout multiplies the number at a place by.</summary>
    private double Kept(double rate, int site, uint place)
    {
        if (_input.DropoutSeed is not { } seed || rate == 0)
            return 1;
        return Mix(DropoutKey(seed, site), place) < (uint)(rate * 4294967296.0) ? 0 : 1 / (1 - rate);
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
