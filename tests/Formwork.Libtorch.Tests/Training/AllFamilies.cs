using Formwork.Libtorch.Tests.Families;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>The families of every architecture that have logits or labels to learn from.</summary>
internal static class AllFamilies
{
    /// <summary>All of them, made anew.</summary>
    public static IEnumerable<FamilyReference> Made =>
    [
        .. DecoderFamilies.Made,
        .. EncoderFamilies.All.Where(family => family.HasMaskedLanguageModel || family.HasLabels),
        .. EncoderDecoderFamilies.All,
    ];

    /// <summary>The family of this name.</summary>
    public static FamilyReference Named(string name) => Made.Single(family => family.Name == name);
}
