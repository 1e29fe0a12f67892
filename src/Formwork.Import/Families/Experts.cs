using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Families;

/// <summary>Mixtures of experts.</summary>
internal static class Experts
{
    /// <summary>The spec's <c>feed_forward.experts</c>: how many there are, and how many a token is sent to.</summary>
    /// <exception cref="Runtime.InvalidInputException">More are chosen than there are.</exception>
    public static Section Read(ConfigSection config, string countKey, string chosenKey = "num_experts_per_tok")
    {
        int count = config.Count(countKey), chosen = config.Count(chosenKey);
        return chosen <= count ? new Section { { "count", count }, { "chosen", chosen } }
            : throw config.Wrong(chosenKey, chosen, $"at most {countKey}, which is {count}", "Correct one of the two.");
    }

    /// <summary>Makes a layer an ordinary one.</summary>
    public static void MakeDense(StackDraft stack, int layer, int width)
    {
        Section feedForward = stack.Layer(layer).Inner("feed_forward");
        feedForward.Add("width", width);
        feedForward.Add("experts", "none");
    }
}
