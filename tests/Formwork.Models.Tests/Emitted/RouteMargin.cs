using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;

namespace Formwork.Models.Tests.Emitted;

/// <summary>By how much the worst chosen expert, or group, is better than the best one left out.</summary>
internal static class RouteMargin
{
    /// <summary>The smallest margin of all tokens and layers; infinite where there is nothing to choose.</summary>
    public static double Smallest(EmittedModel emitted, int[] tokens) => Smallest(emitted.Graph.Nodes, emitted.Values(new InterpreterInput(tokens)));

    /// <summary>The same of values that were computed.</summary>
    public static double Smallest(IEnumerable<Node> nodes, NodeValues values)
    {
        return nodes.Where(node => node.Operation is Route).Select(node =>
        {
            ExpertsSpec experts = ((Route)node.Operation).Experts;
            double[] bias = experts.SelectionBias ? values[node.Inputs[1]] : new double[experts.Count];
            return values[node.Inputs[0]].Chunk(experts.Count).Min(logits => Of(experts, logits, bias));
        }).DefaultIfEmpty(double.PositiveInfinity).Min();
    }

    private static double Of(ExpertsSpec experts, double[] logits, double[] bias)
    {
        double sum = logits.Sum(Math.Exp);
        double[] choice = logits.Zip(bias, (logit, more) => more + (experts.Score == RouterScore.Softmax ? Math.Exp(logit) / sum : 1 / (1 + Math.Exp(-logit)))).ToArray();
        double[][] groups = choice.Chunk(experts.Count / experts.Groups).ToArray();
        double[] groupScores = groups.Select(group => group.OrderDescending().Take(experts.GroupScore == GroupScore.Largest ? 1 : 2).Sum()).ToArray();
        IEnumerable<double> allowed = groups.Zip(groupScores).OrderByDescending(group => group.Second).Take(experts.ChosenGroups).SelectMany(group => group.First);
        return Math.Min(Between(groupScores, experts.ChosenGroups), Between(allowed, experts.Chosen));
    }

    private static double Between(IEnumerable<double> scores, int chosen)
    {
        double[] sorted = scores.OrderDescending().ToArray();
        return chosen == sorted.Length ? double.PositiveInfinity : sorted[chosen - 1] - sorted[chosen];
    }
}
