using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Runtime.Tests.Generation;

public sealed class BeamOptionTests
{
    private static readonly Dictionary<string, (BeamSearchOptions Options, string Message)> Broken = new()
    {
        ["no beams"] = (new() { Beams = 0 }, "Beams: found 0; expected a number from 1 to"),
        ["negative beams"] = (new() { Beams = -3 }, "Beams: found -3"),
        ["more texts than beams"] = (new() { Beams = 2, Best = 3 }, "Best: found 3; expected a number from 1 to 2, the number of beams"),
        ["no texts"] = (new() { Best = 0 }, "Best: found 0"),
        ["negative penalty"] = (new() { LengthPenalty = -0.1f }, "LengthPenalty: found -0.1; expected a finite number, 0 or more"),
        ["penalty that is none"] = (new() { LengthPenalty = float.NaN }, "LengthPenalty: found NaN"),
        ["infinite penalty"] = (new() { LengthPenalty = float.PositiveInfinity }, "LengthPenalty: found Infinity"),
        ["no tokens"] = (new() { MaxTokens = 0 }, "MaxTokens: found 0; expected 1 or more tokens"),
        ["unknown stopping"] = (new() { Stopping = (BeamStopping)7 }, "Stopping: found 7; expected NoneCanWin or FirstFinished"),
        ["forced token that is no id"] = (new() { ForcedFirst = [3, 10] }, "ForcedFirst: token 1: found 10; expected an id from 0 to 9"),
        ["suppressed token that is no id"] = (new() { Suppressed = [-1] }, "Suppressed: token 0: found -1"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void BrokenOptionIsNamed(string name) => Assert.Contains(
        Broken[name].Message, Assert.Throws<InvalidInputException>(() => Broken[name].Options.Complete(new(), 10)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatIsLeftOpenIsTheModelsOwn()
    {
        var defaults = new GenerationDefaults { Beams = 6, LengthPenalty = 0.6f, ForcedFirst = [3], Suppressed = [4] };
        BeamSearchOptions complete = new BeamSearchOptions().Complete(defaults, 10);
        Assert.Equal((6, 0.6f), (complete.Beams, complete.LengthPenalty));
        Assert.Equal([3, 4], complete.ForcedFirst!.Concat(complete.Suppressed!));
        complete = new BeamSearchOptions { Beams = 2, LengthPenalty = 0, ForcedFirst = [], Suppressed = [] }.Complete(defaults, 10);
        Assert.Equal((2, 0f), (complete.Beams, complete.LengthPenalty));
        Assert.Empty(complete.ForcedFirst!.Concat(complete.Suppressed!));
        complete = new BeamSearchOptions().Complete(new(), 10);
        Assert.Equal((4, 0f), (complete.Beams, complete.LengthPenalty));
    }

    [Fact]
    public void SamplingThatIsLeftOpenIsTheModelsOwn()
    {
        var sampling = new GenerationDefaults { Temperature = 0.7f, TopK = 20, TopP = 0.8f, RepetitionPenalty = 1.1f }.ToSampling();
        Assert.Equal((0.7f, 20, 0.8f, 1.1f), (sampling.Temperature, sampling.TopK, sampling.TopP, sampling.RepetitionPenalty));
        Assert.Equal(new Runtime.Sampling.SamplingOptions(), new GenerationDefaults().ToSampling());
    }
}
