using Formwork.Models.Tests.Stories;
using Formwork.Runtime;
using Formwork.Runtime.Models;
using Xunit;

namespace Formwork.Models.Tests.Sessions;

public class SessionErrorTests
{
    [Fact]
    public void ModelUsedAfterDisposalSaysSo()
    {
        var model = StoriesModel.Load();
        var session = model.NewSession();
        session.Step(1);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.NewSession());
        Assert.Throws<ObjectDisposedException>(() => session.Step(300));
        Assert.Throws<ObjectDisposedException>(() => session.Prefill([300, 301]));
        Assert.Throws<ObjectDisposedException>(() => session.AllLogits([300]));
        Assert.Throws<ObjectDisposedException>(() => model.StepBatch([session], [300]));
        Assert.Throws<ObjectDisposedException>(() => string.Concat(model.Generate("Tom")));
        session.Dispose();
    }

    [Fact]
    public void SessionUsedAfterDisposalSaysSoAndTheModelGoesOn()
    {
        using var model = StoriesModel.Load();
        var session = model.NewSession();
        session.Step(1);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Step(300));
        Assert.Throws<ObjectDisposedException>(() => session.AllLogits([300]));
        Assert.Throws<ObjectDisposedException>(() => model.StepBatch([session], [300]));
        using var other = model.NewSession();
        other.Step(1);
    }

    [Fact]
    public void GenerationOfADisposedModelEnds()
    {
        var model = StoriesModel.Load();
        Assert.Throws<ObjectDisposedException>(() =>
        {
            foreach (var piece in model.Generate("Tom"))
                model.Dispose();
        });
    }

    [Fact]
    public void SequenceLongerThanTheContextIsRefusedAndStaysUsable()
    {
        using var model = StoriesModel.Load();
        using var session = model.NewSession();
        var context = model.Description.Context;
        Assert.Contains($"at most {context}", Assert.Throws<InvalidInputException>(() => session.Prefill(new int[context + 1])).Message);
        Assert.Equal(0, session.Position);
        session.Prefill([.. Enumerable.Repeat(300, context - 1)]);
        session.Step(301);
        Assert.Equal(context, session.Position);
        Assert.Contains($"at most {context}", Assert.Throws<InvalidInputException>(() => session.Step(300)).Message);
        Assert.Contains($"at most {context}", Assert.Throws<InvalidInputException>(() => model.StepBatch([session], [300])).Message);
        session.Reset();
        session.Step(1);
        Assert.Equal(1, session.Position);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void TokenOutsideTheVocabularyIsRefused(int token)
    {
        using var model = StoriesModel.Load();
        using var session = model.NewSession();
        foreach (var call in new Action[] { () => session.Step(token), () => session.Prefill([1, token]), () => session.AllLogits([token]), () => model.StepBatch([session], [token]) })
        {
            var error = Assert.Throws<InvalidInputException>(call);
            Assert.Contains($"{token}", error.Found);
            Assert.Contains("511", error.Expected);
        }
        Assert.Equal(0, session.Position);
    }

    [Fact]
    public void NoTokensAreRefused()
    {
        using var model = StoriesModel.Load();
        using var session = model.NewSession();
        Assert.Throws<InvalidInputException>(() => session.Prefill([]));
        Assert.Throws<InvalidInputException>(() => session.AllLogits([]));
        model.StepBatch([], []);
    }

    [Fact]
    public void BatchThatCannotBeSteppedIsRefusedWhole()
    {
        using var model = StoriesModel.Load();
        using var other = StoriesModel.Load();
        using var a = model.NewSession();
        using var b = model.NewSession();
        using var stranger = other.NewSession();
        Assert.Throws<InvalidInputException>(() => model.StepBatch([a, b], [1]));
        Assert.Throws<InvalidInputException>(() => model.StepBatch([a, a], [1, 1]));
        Assert.Throws<InvalidInputException>(() => model.StepBatch([a, stranger], [1, 1]));
        Assert.Throws<InvalidInputException>(() => model.StepBatch([a, b], [1, 512]));
        Assert.Throws<InvalidInputException>(() => model.PrefillBatch([a, b], [[1], []]));
        Assert.Throws<InvalidInputException>(() => model.PrefillBatch([a, b], [[1], new int[513]]));
        Assert.Equal((0, 0, 0), (a.Position, b.Position, stranger.Position));
        model.StepBatch([a, b], [1, 1]);
        Assert.Equal(a.Logits, b.Logits);
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(-1, 512)]
    [InlineData(1, 0)]
    public void WrongLoadOptionsAreRefused(int threads, int maxPassTokens) =>
        Assert.Throws<InvalidInputException>(() => StoriesModel.Load(threads: threads, maxPassTokens: maxPassTokens));

    [Fact]
    public void FolderWithoutWeightsIsNamed()
    {
        var folder = Directory.CreateTempSubdirectory("formwork-");
        try
        {
            var error = Assert.Throws<InvalidInputException>(() => Stories260K.Load(folder.FullName, new LoadOptions { Tokenizer = StoriesModel.ShippedFolder }));
            Assert.Contains(folder.FullName, error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
