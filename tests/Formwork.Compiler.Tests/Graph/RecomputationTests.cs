using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>Layers that are computed again in the backward pass.</summary>
public sealed class RecomputationTests
{
    private readonly TrainingGraph _kept, _again;

    public RecomputationTests()
    {
        ModelSpec spec = SmallSpecs.Llama() with { Training = new TrainingSpec { ResidualDropout = 0.1 } };
        _kept = ModelCompiler.TrainingGraph(spec);
        _again = Recomputation.OfLayers(_kept);
    }

    [Fact]
    public void TheBackwardPassReadsNothingFromInsideALayer()
    {
        HashSet<Node> between = [.. _again.Forward.Nodes.Where(node => node.Name.EndsWith("feed_forward.residual", StringComparison.Ordinal))];

        Assert.All(
            _again.Backward.SelectMany(node => node.Inputs).Where(input => input.Id <= _again.Loss.Id && input.Name.StartsWith("layers.", StringComparison.Ordinal)),
            input => Assert.True(input.Operation is Parameter || between.Contains(input), input.Name));
    }

    [Fact]
    public void WhatIsComputedAgainIsTheSameOfTheSame()
    {
        foreach (Node again in _again.Nodes.Where(Recomputation.IsAgain))
        {
            Node first = _again.Forward.Nodes.Single(node => $"{node.Name}.again" == again.Name);
            Assert.Equal(first.Operation, again.Operation);
            Assert.Equal(first.Inputs.Select(input => input.Name), again.Inputs.Select(input => input.Name.Replace(".again", "", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void EveryParameterHasItsDerivative() => Assert.Equal(_kept.Gradients.Keys, _again.Gradients.Keys);

    [Fact]
    public void InputsStandBeforeTheirReaders() =>
        Assert.All(_again.Nodes, node => Assert.All(node.Inputs, input => Assert.Same(input, _again.Nodes.Take(node.Id).Single(other => other.Id == input.Id))));
}
