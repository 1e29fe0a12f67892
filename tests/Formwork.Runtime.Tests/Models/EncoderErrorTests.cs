using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Runtime.Tests.Models;

/// <summary>What an encoder cannot read, and what it says then.</summary>
public sealed class EncoderErrorTests
{
    private static readonly Dictionary<string, (Action<FakeEncoder> Use, string Message)> Broken = new()
    {
        ["no tokens"] = (model => model.Encode(ReadOnlySpan<int>.Empty), "tokens: found no tokens; expected at least one"),
        ["no tokens in one of several"] = (model => model.Encode([new([1]), new([])]), "tokens: sequence 1: found no tokens"),
        ["more than the context"] = (model => model.Encode(new int[21]), "found 21 tokens; expected at most 20, the model's context. Shorten or split the text: the model has no positions beyond its context."),
        ["id too large"] = (model => model.Encode([1, 10]), "tokens: token 1: found 10; expected an id from 0 to 9"),
        ["negative id"] = (model => model.Encode([new([1]), new([3, -1])]), "tokens: sequence 1, token 1: found -1"),
        ["too few types"] = (model => model.Encode([1, 2], [0]), "token types: found 1; expected one a token, 2"),
        ["type too large"] = (model => model.Encode([1, 2], [0, 2]), "token types: token 1: found 2; expected a type from 0 to 1"),
        ["mask of another size"] = (model => model.EncodePadded(new int[2, 3], new int[2, 4]), "mask: found size [2, 4]; expected the tokens' size, [2, 3]"),
        ["types of another size"] = (model => model.EncodePadded(new int[1, 2], new[,] { { 1, 1 } }, new int[1, 3]), "token types: found size [1, 3]"),
        ["mask with a hole"] = (model => model.EncodePadded(new int[1, 3], new[,] { { 1, 0, 1 } }), "mask: row 0: found a hole before column 2"),
        ["mask of zeros"] = (model => model.EncodePadded(new int[2, 1], new[,] { { 1 }, { 0 } }), "mask: row 1: found padding only"),
        ["mask of twos"] = (model => model.EncodePadded(new int[1, 2], new[,] { { 1, 2 } }), "mask: [0, 1]: found 2; expected 1 for a token, 0 for padding"),
        ["bad id in a padded batch"] = (model => model.EncodePadded(new[,] { { 0, 0 }, { 99, 11 } }, new[,] { { 1, 1 }, { 0, 1 } }), "tokens: sequence 1, token 0: found 11"),
        ["vectors for a model of tokens"] = (model => model.EncodeVectors(new float[1, 4]), "vectors: found vectors; expected token ids"),
        ["text without a tokenizer"] = (model => model.Encode("text"), "Fake: tokenizer: found none"),
        ["no mask token"] = (model => model.FillMask(new EncoderInput([1, 2]), maskToken: 9), "text: found no mask token"),
        ["no candidates"] = (model => model.FillMask(new EncoderInput([9]), maskToken: 9, top: 0), "top: found 0; expected a number from 1 to 10"),
    };

    private static readonly Dictionary<string, (Func<ModelDescription, ModelDescription> Change, Action<FakeEncoder> Use, string Message)> Lacking = new()
    {
        ["types"] = (it => it with { TokenTypes = 0 }, model => model.Encode([1], [0]), "token types: found 1 of them; expected none"),
        ["endless positions"] = (it => it with { EndlessPositions = true }, model => model.Encode(new int[21]), "or write a greater `context:` in the spec"),
        ["pooler"] = (it => it with { HasPooler = false }, model => model.Pool([1]), "Fake: pooler: found none"),
        ["masked head"] = (it => it with { HasMaskedLanguageModel = false }, model => model.Logits([1]), "Fake: masked-language-model head: found none"),
        ["classifier"] = (it => it with { Labels = 0 }, model => model.LabelLogits([new([1])]), "Write `classifier:` in the spec"),
        ["tokens"] = (it => it with { VectorInput = true }, model => model.Encode([1]), "tokens: found token ids; expected vectors of 4 numbers"),
        ["wide vectors"] = (it => it with { VectorInput = true }, model => model.EncodeVectors(new float[1, 5]), "vectors: found width 5; expected 4"),
        ["no vectors"] = (it => it with { VectorInput = true }, model => model.EncodeVectors(new float[0, 4]), "vectors: found 0 rows; expected 1 to 20"),
        ["many vectors"] = (it => it with { VectorInput = true }, model => model.EncodeVectors(new float[21, 4]), "vectors: found 21 rows"),
        ["vectors with NaN"] = (it => it with { VectorInput = true }, model => model.EncodeVectors(new[,] { { 0, 0, float.NaN, 0 } }), "vectors: [0, 2]: found NaN"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    public static TheoryData<string> LackingNames => [.. Lacking.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void BrokenInputIsNamed(string name)
    {
        using var model = new FakeEncoder();
        Assert.Contains(Broken[name].Message, Assert.Throws<InvalidInputException>(() => Broken[name].Use(model)).Message, StringComparison.Ordinal);
        Assert.Empty(model.Passes);
    }

    [Theory]
    [MemberData(nameof(LackingNames))]
    public void WhatTheModelLacksIsNamed(string name)
    {
        using var model = new FakeEncoder(Lacking[name].Change(FakeEncoder.Architecture));
        Assert.Contains(Lacking[name].Message, Assert.Throws<InvalidInputException>(() => Lacking[name].Use(model)).Message, StringComparison.Ordinal);
    }
}
