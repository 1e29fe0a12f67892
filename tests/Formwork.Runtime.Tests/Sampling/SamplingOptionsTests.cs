using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Runtime.Tests.Sampling;

public class SamplingOptionsTests
{
    public static TheoryData<string, SamplingOptions, string> Wrong => new()
    {
        { "Temperature", new() { Temperature = -0.5f }, "found -0.5; expected a finite number, 0 or more" },
        { "Temperature", new() { Temperature = float.NaN }, "found NaN" },
        { "Temperature", new() { Temperature = float.PositiveInfinity }, "found Infinity" },
        { "TopK", new() { TopK = -1 }, "found -1; expected a whole number, 0 or more" },
        { "TopP", new() { TopP = 0 }, "found 0; expected a number above 0, at most 1" },
        { "TopP", new() { TopP = 1.5f }, "found 1.5" },
        { "TopP", new() { TopP = float.NaN }, "found NaN" },
        { "MinP", new() { MinP = -0.1f }, "found -0.1; expected a number from 0 to 1" },
        { "MinP", new() { MinP = 1.1f }, "found 1.1" },
        { "MinP", new() { MinP = float.NaN }, "found NaN" },
        { "RepetitionPenalty", new() { RepetitionPenalty = 0 }, "found 0; expected a finite number above 0" },
        { "RepetitionPenalty", new() { RepetitionPenalty = float.PositiveInfinity }, "found Infinity" },
        { "FrequencyPenalty", new() { FrequencyPenalty = float.NaN }, "found NaN; expected a finite number" },
        { "PresencePenalty", new() { PresencePenalty = float.NegativeInfinity }, "found -Infinity; expected a finite number" },
        { "Random", new() { Random = (RandomSource)7 }, "found 7; expected Default or Llama2C" },
        { "TopK", new() { Random = RandomSource.Llama2C, TopK = 40 }, "found 40; expected 0 with RandomSource.Llama2C" },
        { "MinP", new() { Random = RandomSource.Llama2C, MinP = 0.1f }, "found 0.1; expected 0 with RandomSource.Llama2C" },
        { "RepetitionPenalty", new() { Random = RandomSource.Llama2C, RepetitionPenalty = 1.1f }, "found 1.1; expected 1 with RandomSource.Llama2C" },
        { "FrequencyPenalty", new() { Random = RandomSource.Llama2C, FrequencyPenalty = 1 }, "found 1; expected 0 with RandomSource.Llama2C" },
        { "PresencePenalty", new() { Random = RandomSource.Llama2C, PresencePenalty = 1 }, "found 1; expected 0 with RandomSource.Llama2C" },
        { "Seed", new() { Random = RandomSource.Llama2C, Seed = 0 }, "found 0; expected 1 or more with RandomSource.Llama2C" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongOptionIsNamedWithWhatWasExpected(string option, SamplingOptions options, string message)
    {
        var error = Assert.Throws<InvalidInputException>(() => new Sampler(options));
        Assert.Equal(option, error.InputSource);
        Assert.StartsWith(option + ": ", error.Message);
        Assert.Contains(message, error.Message);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void EdgesOfEveryRangeAreAccepted()
    {
        new SamplingOptions().Validate();
        new SamplingOptions { Temperature = 0, TopK = int.MaxValue, TopP = float.Epsilon, MinP = 1, RepetitionPenalty = 0.5f, FrequencyPenalty = -2, PresencePenalty = 2, Seed = int.MinValue }.Validate();
        new SamplingOptions { Random = RandomSource.Llama2C, Temperature = 0.8f, TopP = 0.9f, Seed = 1 }.Validate();
    }
}
