using System.Globalization;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Ops;

/// <summary>
/// Chooses experts for each row. A row of the result is the numbers of the chosen experts, ascending, as integers; then their weights; then
/// room for the places that <see cref="GatherKernel"/> gives the row among their rows. The logits make way for the scores.
/// </summary>
/// <param name="Count">Number of experts.</param>
/// <param name="Chosen">How many of them see a row.</param>
/// <param name="Score">What the logits become.</param>
public sealed partial record RouteKernel(int Count, int Chosen, RouterScore Score) : PassKernel
{
    /// <summary>Whether the weights are made to sum to one.</summary>
    public bool Renormalize { get; init; }

    /// <summary>What the weights are multiplied by at the end.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether each expert has a number that is added to its score for the choice.</summary>
    public bool SelectionBias { get; init; }

    /// <summary>In how many groups the experts are; 1 where groups make no difference.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>From how many groups a row's experts are chosen.</summary>
    public int ChosenGroups { get; init; } = 1;

    /// <summary>What speaks for a group.</summary>
    public GroupScore GroupScore { get; init; }

    /// <summary>The kernel for a router, without what makes no difference to it.</summary>
    public static RouteKernel Of(ExpertsSpec experts)
    {
        var kernel = new RouteKernel(experts.Count, experts.Chosen, experts.Score)
        {
            Renormalize = experts.Renormalize,
            Scale = experts.Scale,
            SelectionBias = experts.SelectionBias,
        };
        return experts.ChosenGroups == experts.Groups
            ? kernel
            : kernel with { Groups = experts.Groups, ChosenGroups = experts.ChosenGroups, GroupScore = experts.GroupScore };
    }

    /// <summary>Numbers of a row of the result.</summary>
    public static int RowWidth(int chosen) => 3 * chosen;

    public override string Name
    {
        get
        {
            string name = $"Route{Chosen}Of{Count}By{Score}";
            if (SelectionBias)
                name += "Biased";
            if (Groups > 1)
                name += $"From{ChosenGroups}Of{Groups}Groups{(GroupScore == GroupScore.Largest ? "" : "ByTwo")}";
            if (Renormalize)
                name += "Renormalized";
            return Scale == 1 ? name : $"{name}Scaled{NamePart(Scale)}";
        }
    }

    public override string Formula
    {
        get
        {
            string score = $"{Score.ToString().ToLower(CultureInfo.InvariantCulture)}(x)";
            string best = $"best {Chosen} of {Count} by {score}{(SelectionBias ? " + b" : "")}";
            if (Groups > 1)
                best += $" in the best {ChosenGroups} of {Groups} groups";
            string weight = Renormalize ? $"{score} / Σ {score}" : score;
            return $"y[rows, {Chosen}] = {best}, with {(Scale == 1 ? "" : $"{Number(Scale)} · ")}{weight}";
        }
    }

    /// <summary>Whether the chosen scores can be too small for their sum to be divided by, as DeepSeek-V3 provides for.</summary>
    private bool SumCanVanish => Score == RouterScore.Sigmoid || SelectionBias;
}
