using Formwork.Libtorch.Tests.Families.Decoders;
using Xunit;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>Every decoder-only family, tiny.</summary>
public static class DecoderFamilies
{
    private static readonly DecoderReference[] All = [Gpt2Reference.Tiny()];

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => new(All.Select(family => family.Name));

    /// <summary>The family of this name.</summary>
    public static DecoderReference Named(string name) => All.Single(family => family.Name == name);
}
