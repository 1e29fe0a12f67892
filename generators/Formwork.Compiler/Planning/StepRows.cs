namespace Formwork.Compiler.Planning;

/// <summary>Which rows a step computes.</summary>
public enum StepRows
{
    /// <summary>All tokens of the pass.</summary>
    Tokens,

    /// <summary>Only those whose logits are wanted.</summary>
    Outputs,
}
