using System.Text.Json.Nodes;
using Xunit;
using static TorchSharp.torch;

namespace Formwork.Libtorch.Tests.Families.Blocks;

/// <summary>Rotary positions and their scalings, against the papers' numbers.</summary>
public class RotaryTests : FamilyTest
{
    private const double Tolerance = 1e-12;

    [LibtorchFact]
    public void PairsTurnLikeComplexNumbers()
    {
        Rotary rotary = RotaryScaling.Plain(100, 8) with { Factor = 1.25 };
        Tensor x = randn(2, 3, 5, 8, float64), positions = tensor(new long[] { 0, 1, 2, 3, 4, 7, 8, 9, 10, 11 }, 2, 5);

        Tensor angles = positions.to(float64).unsqueeze(-1) * tensor(rotary.Frequencies);
        Tensor expected = (x.view(2, 3, 5, 4, 2).view_as_complex() * polar(full_like(angles, 1.25), angles).unsqueeze(1)).view_as_real().flatten(3);

        Agree(Numbers(expected), Numbers(rotary.TurnPairs(x, positions)), Tolerance);
    }

    [LibtorchFact]
    public void HalvesArePairsInAnotherOrderAndTheRestStays()
    {
        Rotary rotary = RotaryScaling.Plain(100, 6);
        Tensor x = randn(1, 2, 5, 10, float64), positions = arange(5, int64).unsqueeze(0);
        Tensor toPairs = tensor(new long[] { 0, 3, 1, 4, 2, 5, 6, 7, 8, 9 });

        Agree(
            Numbers(rotary.TurnPairs(x.index_select(3, toPairs), positions)),
            Numbers(rotary.TurnHalves(x, positions).index_select(3, toPairs)), Tolerance);
        Agree(Numbers(x.slice(3, 6, 10, 1)), Numbers(rotary.TurnHalves(x, positions).slice(3, 6, 10, 1)), Tolerance);
    }

    [LibtorchFact]
    public void ScoresDependOnDistanceOnly()
    {
        Rotary rotary = RotaryScaling.Plain(10000, 12);
        Tensor query = randn(1, 1, 1, 12, float64), key = randn(1, 1, 1, 12, float64);
        double Score(long at, long of) =>
            (rotary.TurnHalves(query, tensor(new[] { at }, 1, 1)) * rotary.TurnHalves(key, tensor(new[] { of }, 1, 1))).sum().item<double>();

        Assert.Equal(Score(9, 4), Score(105, 100), 1e-10);
        Assert.NotEqual(Score(9, 4), Score(9, 5), 1e-3);
    }

    /// <summary>Llama 3.1's own numbers: base 500000, width 128, 8 times 8192 positions.</summary>
    [Fact]
    public void Llama3KeepsShortWavesAndSlowsLongOnes()
    {
        Rotary plain = RotaryScaling.Plain(500000, 128);
        Rotary scaled = RotaryScaling.Llama3(plain, Json("""
            { "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192 }
            """));

        double[] quotients = plain.Frequencies.Zip(scaled.Frequencies, (a, b) => a / b).ToArray();
        // Waves of 2π·500000^(i/64) positions: 1,755 at pair 27, 2,154 at 28 … 7,355 at 34, 9,028 at 35… Short are those below 2,048, long those above 8,192.
        int firstScaled = Array.FindIndex(quotients, quotient => quotient > 1.0001), firstWhole = Array.FindIndex(quotients, quotient => quotient > 7.9999);
        Assert.Equal((29, 35), (firstScaled, firstWhole));
        Assert.All(quotients[firstWhole..], quotient => Assert.Equal(8, quotient, Tolerance));
        double smooth = (8192 / (2 * Math.PI / plain.Frequencies[31]) - 1) / 3;
        Assert.Equal(1 / ((1 - smooth) / 8 + smooth), quotients[31], Tolerance);
    }

    /// <summary>GPT-OSS's own numbers: base 150000, width 64, 32 times 4096 positions; and the same with rounded bounds.</summary>
    [Fact]
    public void YarnRampsBetweenItsBounds()
    {
        Rotary plain = RotaryScaling.Plain(150000, 64);
        Rotary exact = RotaryScaling.Yarn(150000, 64, Json(
            """{ "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0, "original_max_position_embeddings": 4096, "truncate": false }"""), 131072);
        Rotary rounded = RotaryScaling.Yarn(150000, 64, Json("""{ "factor": 32.0, "original_max_position_embeddings": 4096 }"""), 131072);

        Assert.Equal(1.3465735902799727, exact.Factor, Tolerance);
        double low = 64 * Math.Log(4096 / (32 * 2 * Math.PI)) / (2 * Math.Log(150000)), high = 64 * Math.Log(4096 / (2 * Math.PI)) / (2 * Math.Log(150000));
        Assert.Equal((8.09, 17.40), (Math.Round(low, 2), Math.Round(high, 2)));
        Check(exact, low, high);
        Check(rounded, 8, 18);

        void Check(Rotary found, double first, double last)
        {
            for (int pair = 0; pair < 32; pair++)
            {
                double share = Math.Clamp((pair - first) / (last - first), 0, 1);
                Assert.Equal(1 - share + share / 32, found.Frequencies[pair] / plain.Frequencies[pair], Tolerance);
            }
        }
    }

    /// <summary>DeepSeek's quotient, which is 1 in the published configs, and its factor of scores, 0.1·ln 40 + 1.</summary>
    [Fact]
    public void DeepSeekDividesOneAttentionFactorByAnother()
    {
        Rotary same = RotaryScaling.Yarn(10000, 64, Json(
            """{ "factor": 40, "mscale": 0.707, "mscale_all_dim": 0.707, "original_max_position_embeddings": 4096 }"""), 163840);
        Rotary other = RotaryScaling.Yarn(10000, 64, Json(
            """{ "factor": 40, "mscale": 1.0, "mscale_all_dim": 0.5, "original_max_position_embeddings": 4096 }"""), 163840);

        Assert.Equal(1, same.Factor, Tolerance);
        Assert.Equal(1.3688879454113936 / 1.1844439727056968, other.Factor, Tolerance);
        Assert.Equal(1.3688879454113936, RotaryScaling.YarnFactor(40), Tolerance);
    }

    /// <summary>Phi-3-mini-128k's attention factor, √(1 + ln 32/ln 4096), as its code prints it.</summary>
    [Fact]
    public void LongRopeLooksAtTheLength()
    {
        JsonObject config = Json("""{ "max_position_embeddings": 131072, "original_max_position_embeddings": 4096 }""");
        JsonObject scaling = Json("""{ "short_factor": [1.0, 2.0], "long_factor": [4.0, 8.0] }""");

        Rotary within = RotaryScaling.LongRope(10000, 4, scaling, config, 4096), beyond = RotaryScaling.LongRope(10000, 4, scaling, config, 4097);

        Assert.Equal(1.1902380714238083, within.Factor, Tolerance);
        Assert.Equal(within.Factor, beyond.Factor);
        Assert.Equal([1, 0.01 / 2], within.Frequencies);
        Assert.Equal([0.25, 0.01 / 8], beyond.Frequencies);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
