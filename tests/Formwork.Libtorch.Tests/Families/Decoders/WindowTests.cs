using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Decoders;

/// <summary>A token that no window reaches through any layer changes nothing.</summary>
public class WindowTests : FamilyTest
{
    private const int Length = 48;

    /// <summary>With three layers the first token is seen up to three times the window less one away.</summary>
    [LibtorchTheory]
    [InlineData("mistral", 3 * 11)]
    [InlineData("phi3", 3 * 12)]
    public void TheFirstTokenIsHiddenFromThoseFarAway(string name, int lastReached)
    {
        double[] changes = ChangesByFirstToken(name);

        Assert.True(changes[lastReached] > 1e-9);
        Assert.All(changes[(lastReached + 1)..], change => Assert.Equal(0, change, 1e-13));
    }

    [LibtorchTheory]
    [InlineData("llama2")]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("gpt_oss")]
    public void ALayerWithoutWindowCarriesItOn(string name) => Assert.All(ChangesByFirstToken(name), change => Assert.True(change > 1e-6));

    /// <summary>The largest difference at each position when the first token is another.</summary>
    private static double[] ChangesByFirstToken(string name)
    {
        DecoderReference family = DecoderFamilies.Named(name);
        TinyWeights weights = TinyWeights.Draw(family, seed: 5, ScalarType.Float64);
        int[] prompt = RandomTokens(Length, 96, seed: 6), changed = [(prompt[0] + 1) % 96, .. prompt[1..]];
        (Tensor tokens, Tensor mask) = Padded([prompt, changed]);
        Tensor logits = family.Logits(weights, tokens, mask);
        return Numbers((logits[0] - logits[1]).abs().max(-1).values);
    }
}
