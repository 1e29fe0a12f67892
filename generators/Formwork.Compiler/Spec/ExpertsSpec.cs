namespace Formwork.Compiler.Spec;

/// <summary>What a router's logits become.</summary>
public enum RouterScore
{
    /// <summary>Shares that sum to one over all experts.</summary>
    Softmax,

    /// <summary>Each for itself between 0 and 1 (DeepSeek-V3).</summary>
    Sigmoid,
}

/// <summary>What speaks for a group of experts.</summary>
public enum GroupScore
{
    /// <summary>Its best expert's score (DeepSeek-V2).</summary>
    Largest,

    /// <summary>The sum of its two best (DeepSeek-V3).</summary>
    TwoLargest,
}

/// <summary>A mixture of experts, <c>feed_forward: {experts: …}</c> (Shazeer et al. 2017; Jiang et al. 2024, Mixtral).</summary>
/// <param name="Count">Number of experts.</param>
/// <param name="Chosen">How many of them see a token.</param>
public sealed record ExpertsSpec(int Count, int Chosen)
{
    /// <summary>What the router's logits become.</summary>
    public RouterScore Score { get; init; }

    /// <summary>Whether the chosen experts' weights are made to sum to one.</summary>
    public bool Renormalize { get; init; } = true;

    /// <summary>What the weights are multiplied by at the end.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether the router's projection has a bias.</summary>
    public bool RouterBias { get; init; }

    /// <summary>Whether each expert has a number that is added to its score for the choice only (DeepSeek-V3).</summary>
    public bool SelectionBias { get; init; }

    /// <summary>In how many groups the experts are.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>From how many groups a token's experts are chosen.</summary>
    public int ChosenGroups { get; init; } = 1;

    /// <summary>What speaks for a group.</summary>
    public GroupScore GroupScore { get; init; }

    /// <summary>Width of an expert that sees every token; null for none.</summary>
    public int? SharedWidth { get; init; }

    /// <summary>Whether the shared expert's output is multiplied by σ(a product of the token) (Qwen2-MoE).</summary>
    public bool SharedGate { get; init; }
}
