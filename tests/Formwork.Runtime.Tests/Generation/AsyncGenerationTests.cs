using Formwork.Runtime.Generation;
using Xunit;

namespace Formwork.Runtime.Tests.Generation;

public class AsyncGenerationTests
{
    [Fact]
    public async Task PiecesEqualThoseOfTheSynchronousWay()
    {
        var options = new GenerationOptions { EchoPrompt = true, StopStrings = ["t"] };
        var expected = TextGeneratorTests.Generator(new ScriptedSource("a😀cat")).Generate("ab", options);
        Assert.Equal(expected, await Read(TextGeneratorTests.Generator(new ScriptedSource("a😀cat")).GenerateAsync("ab", options)));
    }

    [Fact]
    public async Task ModelDoesNotHoldUpTheCaller()
    {
        using var gate = new SemaphoreSlim(0);
        var source = new ScriptedSource("c") { BeforeCall = gate.Wait };
        await using var pieces = TextGeneratorTests.Generator(source).GenerateAsync("x").GetAsyncEnumerator();
        // Would wait for ever if the model ran on this thread: the gate opens only after the call.
        var first = pieces.MoveNextAsync();
        gate.Release(2);
        Assert.True(await first);
        Assert.Equal("c", pieces.Current);
        Assert.False(await pieces.MoveNextAsync());
    }

    [Fact]
    public async Task NothingRunsAheadOfTheReader()
    {
        var source = new ScriptedSource("cat");
        await foreach (var piece in TextGeneratorTests.Generator(source).GenerateAsync("x"))
        {
            if (piece == "a")
                break;
        }
        Assert.Equal(2, source.Calls.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancellationEndsBeforeTheNextToken(bool byReader)
    {
        using var cancellation = new CancellationTokenSource();
        var source = new ScriptedSource("cat");
        var pieces = TextGeneratorTests.Generator(source).GenerateAsync("x", null, byReader ? default : cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var piece in pieces.WithCancellation(byReader ? cancellation.Token : default))
                await cancellation.CancelAsync();
        });
        Assert.Single(source.Calls);
    }

    [Fact]
    public async Task WrongPromptIsToldWhenReadingBegins()
    {
        var pieces = TextGeneratorTests.Generator(new ScriptedSource("cat", context: 2)).GenerateAsync("too long");
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Read(pieces));
        Assert.Equal("prompt", error.InputSource);
    }

    [Fact]
    public async Task PiecesCanBeReadOnce()
    {
        var pieces = TextGeneratorTests.Generator(new ScriptedSource("cat")).GenerateAsync("x");
        Assert.Equal(["c", "a", "t"], await Read(pieces));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Read(pieces));
    }

    private static async Task<List<string>> Read(IAsyncEnumerable<string> pieces)
    {
        var read = new List<string>();
        await foreach (var piece in pieces)
            read.Add(piece);
        return read;
    }
}
