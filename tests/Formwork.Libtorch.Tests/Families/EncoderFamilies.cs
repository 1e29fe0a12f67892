using Formwork.Libtorch.Tests.Families.Encoders;
using Xunit;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Every encoder-only family, tiny.</summary>
public static class EncoderFamilies
{
    private static readonly Func<EncoderReference>[] Families =
    [
        BertReference.MaskedLanguageModel, BertReference.Original, BertReference.Classifier, BertReference.MiniLm, BertReference.Bge,
        RobertaReference.Roberta, RobertaReference.Classifier, RobertaReference.XlmRoberta,
        DistilBertReference.MaskedLanguageModel, DistilBertReference.Classifier,
        ModernBertReference.MaskedLanguageModel, ModernBertReference.Classifier,
        NomicBertReference.MaskedLanguageModel, NomicBertReference.Embedding, VitReference.Tiny,
    ];

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => new(All.Select(family => family.Name));

    /// <summary>All, made anew.</summary>
    public static IReadOnlyList<EncoderReference> All => Families.Select(family => family()).ToArray();

    /// <summary>The family of this name, made anew.</summary>
    public static EncoderReference Named(string name) => All.Single(family => family.Name == name);
}
