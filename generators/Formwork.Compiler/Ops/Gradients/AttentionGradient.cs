using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Ops.Gradients;

/// <summary>
/// What flows back through attention to one of its inputs (Dao 2023, FlashAttention-2, section 3.1.2). With P the weights, dP = d(y)·vᵀ and
/// D = Σ d(y) ∘ y a row: d(v) = Pᵀ·d(y), dS = P ∘ (dP − D), d(q) = scale · dS·k, d(k) = scale · dSᵀ·q, through the cap's derivative where there
/// is one; a sink's is −Σ P_sink·D; a bucket's the sum of dS over its distances. Inputs: those of the attention, then y, then d(y).
/// </summary>
public sealed record AttentionGradient(Attention Attention, int Input) : GradientOperation
{
    /// <summary>Which input: query, key, value, sinks or table.</summary>
    public string Of => Input switch { 0 => "query", 1 => "key", 2 => "value", _ => Attention.Sinks && Input == Attention.SinksInput ? "sinks" : "table" };

    public override string Word => "attention_gradient";

    public override string Detail => $"{Of}, {Attention.Detail}";

    public override Shape InferShape(ShapeRule rule)
    {
        int inputs = rule.Inputs.Count - 2;
        rule.Require(Input < inputs, "an input of the attention", $"{Input}");
        rule.Input(inputs + 1, rule.Inputs[inputs]);
        return rule.Inputs[Input];
    }

    public override T Accept<T>(IGradientVisitor<T> visitor, Node node) => visitor.Visit(this, node);
}
