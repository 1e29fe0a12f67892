using Formwork.Compiler.Graph;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>y = f(x), number by number; <see cref="Activation"/> names f.</summary>
public sealed record Activate(Activation Function) : ForwardOperation
{
    public override string Word => Function switch
    {
        Activation.Relu => "relu",
        Activation.ReluSquared => "relu_squared",
        Activation.Gelu => "gelu",
        Activation.GeluTanh => "gelu_tanh",
        Activation.Silu => "silu",
        Activation.GeluSigmoid => "gelu_sigmoid",
        Activation.Tanh => "tanh",
        Activation.Sigmoid => "sigmoid",
        _ => throw new InvalidOperationException($"activation {Function}"),
    };

    public override Shape InferShape(ShapeRule rule)
    {
        rule.Count(1);
        return rule.Inputs[0];
    }

    public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
