using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.Libtorch.Tests.Families.Blocks;
using Formwork.TestSupport.Interpreter;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests;

/// <summary>libtorch routes and mixes as the interpreter does, written on whole tensors, without choosing rows.</summary>
public class ExpertOperationTests : TorchTest
{
    [LibtorchTheory]
    [InlineData(8, 2)]
    [InlineData(5, 1)]
    [InlineData(4, 4)]
    [InlineData(1, 1)]
    public void RoutesAgree(int count, int chosen)
    {
        foreach (RouterScore score in Enum.GetValues<RouterScore>())
        {
            foreach (bool renormalize in new[] { false, true })
            {
                CheckRoute(new ExpertsSpec(count, chosen) { Score = score, Renormalize = renormalize });
                CheckRoute(new ExpertsSpec(count, chosen) { Score = score, Renormalize = renormalize, SelectionBias = true, Scale = 2.5 });
            }
        }
    }

    [LibtorchTheory]
    [InlineData(8, 2, 4, 2)]
    [InlineData(12, 4, 3, 2)]
    [InlineData(6, 2, 6, 3)]
    public void RoutesFromTheBestGroupsAgree(int count, int chosen, int groups, int chosenGroups)
    {
        var experts = new ExpertsSpec(count, chosen) { Groups = groups, ChosenGroups = chosenGroups };
        foreach (GroupScore groupScore in Enum.GetValues<GroupScore>())
        {
            CheckRoute(experts with { GroupScore = groupScore, Renormalize = false, Scale = 16 });
            CheckRoute(experts with { GroupScore = groupScore, Score = RouterScore.Sigmoid, SelectionBias = true });
        }
    }

    [LibtorchFact]
    public void OfEqualsTheFirstIsChosen()
    {
        var sketch = new GraphSketch(1);
        Node output = sketch.Add("y", new Route(new ExpertsSpec(4, 2)), sketch.Rows("logits", 4));
        var logits = new Dictionary<string, double[]> { ["logits"] = [1, 2, 1, 1] };

        Assert.Equal([true, true, false, false], GraphInterpreter.Run(sketch.Graph(output), logits, sketch.Tokens)[output].Select(weight => weight > 0));
    }

    [LibtorchTheory]
    [InlineData(true, Activation.Silu, false)]
    [InlineData(true, Activation.GeluTanh, true)]
    [InlineData(false, Activation.Relu, true)]
    [InlineData(false, Activation.Gelu, false)]
    public void MixturesAgree(bool gated, Activation activation, bool biases) =>
        CheckMixture(new FeedForwardSpec(9, activation, gated, gated && biases, biases, biases));

    [LibtorchFact]
    public void BoundedMixturesAgree() =>
        CheckMixture(new FeedForwardSpec(9, Activation.Silu, true, true, true, true) { Clamp = 0.5, UpOffset = 1 });

    private static void CheckRoute(ExpertsSpec experts)
    {
        var sketch = new GraphSketch(7);
        Node logits = sketch.Rows("logits", experts.Count);
        Node output = experts.SelectionBias
            ? sketch.Add("y", new Route(experts), logits, sketch.Learned("bias", experts.Count))
            : sketch.Add("y", new Route(experts), logits);
        Check(sketch, output, given =>
        {
            Tensor scores = experts.Score == RouterScore.Softmax ? given["logits"].softmax(-1) : given["logits"].sigmoid();
            Tensor choice = experts.SelectionBias ? scores + given["bias"] : scores;
            Tensor byGroup = choice.view(7, experts.Groups, -1);
            long counted = Math.Min(experts.GroupScore == GroupScore.Largest ? 1 : 2, byGroup.shape[2]);
            Tensor best = Experts.Largest(byGroup.topk((int)counted, -1).values.sum(-1), experts.ChosenGroups);
            Tensor allowed = byGroup.masked_fill(best.unsqueeze(-1).eq(0), double.NegativeInfinity).view(7, -1);
            Tensor weights = scores * Experts.Largest(allowed, experts.Chosen);
            return (experts.Renormalize ? weights / weights.sum(-1, keepdim: true) : weights) * experts.Scale;
        });
    }

    /// <summary>Four experts of which each row has two; the weights are random and of either sign.</summary>
    private static void CheckMixture(FeedForwardSpec part)
    {
        const int Count = 4, Width = 6;
        part = part with { Experts = new ExpertsSpec(Count, 2) };
        var sketch = new GraphSketch(5);
        var inputs = new List<Node> { sketch.Rows("x", Width), sketch.Rows("weights", Count) };
        string[] projections = part.Gated ? ["gate", "up", "down"] : ["up", "down"];
        inputs.AddRange(projections.Select(name => name == "down" ? Learned($"{name}.weight", Width, part.Width) : Learned($"{name}.weight", part.Width, Width)));
        string[] biased = projections.Where(name => name switch { "gate" => part.GateBias, "up" => part.UpBias, _ => part.DownBias }).ToArray();
        inputs.AddRange(biased.Select(name => Learned($"{name}.bias", name == "down" ? Width : part.Width)));
        Node output = sketch.Add("y", new MixExperts(part), inputs.ToArray());

        Check(sketch, output, given => Experts.Mix(given["x"], given["weights"], (expert, x) =>
        {
            double bound = part.Clamp ?? double.PositiveInfinity;
            Tensor hidden = Product("up", x);
            hidden = part.Gated
                ? TorchFormulas.Activate(Product("gate", x).clamp_max(bound), part.Activation) * (hidden.clamp(-bound, bound) + part.UpOffset)
                : TorchFormulas.Activate(hidden, part.Activation);
            return Product("down", hidden);

            Tensor Product(string name, Tensor input) =>
                nn.functional.linear(
                input, given[$"experts.{name}.weight"][expert], biased.Contains(name) ? given[$"experts.{name}.bias"][expert] : null);
        }));

        Node Learned(string name, params Dimension[] sizes) => sketch.Learned($"experts.{name}", [Count, .. sizes]);
    }
}
