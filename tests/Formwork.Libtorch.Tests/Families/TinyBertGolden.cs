using System.Text.Json;
using Formwork.TestSupport;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>An entry of tiny-bert-random's golden.json.</summary>
/// <param name="InputIds">The ids.</param>
/// <param name="AttentionMask">1 for a token, 0 for padding.</param>
/// <param name="LastHiddenState">A row of numbers each id, padding's too.</param>
/// <param name="MeanPooledL2">The mean over tokens, of length 1.</param>
public sealed record TinyBertGolden(long[] InputIds, long[] AttentionMask, double[][] LastHiddenState, double[] MeanPooledL2)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The tokens' numbers, one after the other, without padding's.</summary>
    public double[] States => LastHiddenState.Where((_, i) => AttentionMask[i] != 0).SelectMany(row => row).ToArray();

    /// <summary>The file's entries.</summary>
    public static TinyBertGolden[] Read() =>
        JsonSerializer.Deserialize<TinyBertGolden[]>(File.ReadAllText(TestData.Path("tiny-bert-random", "golden.json")), SnakeCase)!;
}
