using Formwork.Libtorch.Tests.Families.EncoderDecoders;
using Xunit;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Every encoder-decoder family, tiny.</summary>
public static class EncoderDecoderFamilies
{
    private static readonly Func<EncoderDecoderReference>[] Families =
    [
        VaswaniReference.Paper, VaswaniReference.Libtorch, T5Reference.Original, T5Reference.Flan, BartReference.Bart, BartReference.Mbart,
        MarianReference.Joint, MarianReference.TwoVocabularies, M2M100Reference.Nllb, WhisperReference.Tiny,
    ];

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => new(All.Select(family => family.Name));

    /// <summary>All, made anew.</summary>
    public static IReadOnlyList<EncoderDecoderReference> All => Families.Select(family => family()).ToArray();

    /// <summary>The family of this name, made anew.</summary>
    public static EncoderDecoderReference Named(string name) => All.Single(family => family.Name == name);
}
