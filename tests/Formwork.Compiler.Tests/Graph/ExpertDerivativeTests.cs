using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>What flows back through mixtures of experts is the slope of the loss, the choice of experts taken as it is.</summary>
public class ExpertDerivativeTests
{
    private readonly GraphSketch _sketch = new(6);

    [Theory]
    [InlineData(RouterScore.Softmax, true, 1)]
    [InlineData(RouterScore.Softmax, false, 2.5)]
    [InlineData(RouterScore.Sigmoid, true, 2.5)]
    [InlineData(RouterScore.Sigmoid, false, 1)]
    public void OfARoute(RouterScore score, bool renormalize, double scale)
    {
        var experts = new ExpertsSpec(8, 3) { Score = score, Renormalize = renormalize, Scale = scale };
        Differentiated.Check(_sketch, _sketch.Add("y", new Route(experts), _sketch.Rows("router", 8)));
    }

    [Fact]
    public void OfARouteWithSelectionBiasAndGroups()
    {
        var experts = new ExpertsSpec(8, 3) { Score = RouterScore.Sigmoid, SelectionBias = true, Groups = 4, ChosenGroups = 2, GroupScore = GroupScore.TwoLargest };
        Differentiated.Check(_sketch, _sketch.Add("y", new Route(experts), _sketch.Rows("router", 8), _sketch.Learned("bias", 8)));
    }

    [Theory]
    [InlineData(true, Activation.Silu, false)]
    [InlineData(true, Activation.GeluTanh, true)]
    [InlineData(false, Activation.Relu, true)]
    [InlineData(false, Activation.Gelu, false)]
    public void OfAMixture(bool gated, Activation activation, bool biases) =>
        CheckMixture(new FeedForwardSpec(5, activation, gated, gated && biases, biases, biases));

    [Fact]
    public void OfABoundedMixture() => CheckMixture(new FeedForwardSpec(5, Activation.Silu, true, true, true, true) { Clamp = 0.9, UpOffset = 1 });

    private void CheckMixture(FeedForwardSpec part)
    {
        const int Count = 4, Width = 6;
        part = part with { Experts = new ExpertsSpec(Count, 2) };
        var inputs = new List<Node> { _sketch.Rows("x", Width), _sketch.Rows("weights", Count) };
        string[] projections = part.Gated ? ["gate", "up", "down"] : ["up", "down"];
        inputs.AddRange(projections.Select(name => name == "down" ? Learned($"{name}.weight", Width, part.Width) : Learned($"{name}.weight", part.Width, Width)));
        inputs.AddRange(projections.Where(Biased).Select(name => Learned($"{name}.bias", name == "down" ? Width : part.Width)));
        Differentiated.Check(_sketch, _sketch.Add("y", new MixExperts(part), [.. inputs]));

        bool Biased(string name) => name switch { "gate" => part.GateBias, "up" => part.UpBias, _ => part.DownBias };

        Node Learned(string name, params Dimension[] sizes) => _sketch.Learned($"experts.{name}", [Count, .. sizes]);
    }
}
