using Xunit;

namespace Formwork.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly Tool _tool = new();

    [Theory]
    [InlineData("", "command")]
    [InlineData("frun", "frun")]
    [InlineData("run", "argument")]
    [InlineData("run m --sede=5", "--sede=5")]
    [InlineData("run m text more", "more")]
    [InlineData("run m --temperature -1", "--temperature is -1")]
    [InlineData("run m --temperature warm", "warm")]
    [InlineData("run m --temperature NaN", "--temperature is NaN")]
    [InlineData("run m --top-k -1", "--top-k is -1")]
    [InlineData("run m --top-p 0", "--top-p is 0")]
    [InlineData("run m --min-p 2", "--min-p is 2")]
    [InlineData("run m --repetition-penalty 0", "--repetition-penalty is 0")]
    [InlineData("run m --frequency-penalty Infinity", "--frequency-penalty")]
    [InlineData("run m --seed x", "whole number")]
    [InlineData("run m --seed 99999999999", "whole number")]
    [InlineData("run m --max-tokens 1.5", "whole number")]
    [InlineData("run m --max-tokens -1", "--max-tokens is -1")]
    [InlineData("run m --max-length 0", "--max-length is 0")]
    [InlineData("run m --threads 0", "--threads is 0")]
    [InlineData("run m --sampler best", "best")]
    [InlineData("run m --sampler llama2c --top-k 5", "--top-k")]
    [InlineData("run m --sampler llama2c --seed 0", "--seed is 0")]
    [InlineData("run m --weights w --random-weights 1", "exclude each other")]
    [InlineData("run m --quiet --verbose", "exclude each other")]
    [InlineData("check", "argument")]
    [InlineData("inspect m --stage tokens", "tokens")]
    [InlineData("emit m", "--output")]
    [InlineData("tokenize m --decode --ids", "exclude each other")]
    [InlineData("bench m --repetitions 0", "--repetitions is 0")]
    [InlineData("run m --beams 0", "--beams is 0")]
    [InlineData("run m Once --lines", "exclude each other")]
    [InlineData("run m --batch 2", "needs --lines")]
    [InlineData("run m --lines --batch 0", "--batch is 0")]
    [InlineData("run m --lines --n-best 2", "exclude each other")]
    [InlineData("run m --lines --top 2", "exclude each other")]
    [InlineData("run m --n-best 0", "--n-best is 0")]
    [InlineData("run m --beams 2 --n-best 3", "--n-best is 3; it must be at most --beams, which is 2")]
    [InlineData("run m --length-penalty -1", "--length-penalty is -1")]
    [InlineData("run m --length-penalty long", "as a number")]
    [InlineData("run m --top 0", "--top is 0")]
    [InlineData("embed", "argument")]
    [InlineData("chat", "argument")]
    [InlineData("chat m --system", "--system")]
    [InlineData("chat m Hello", "Hello")]
    [InlineData("embed m --similar", "--similar")]
    [InlineData("train", "needs MODEL and --data")]
    [InlineData("train m", "needs MODEL and --data")]
    [InlineData("train m --resume r", "MODEL is for new runs")]
    [InlineData("train --resume r --output o", "exclude each other")]
    [InlineData("train m --data f --steps 0", "--steps is 0")]
    [InlineData("train m --data f --steps many", "as a whole number")]
    [InlineData("train m --data f --learning-rate 0", "--learning-rate is 0; it must be a number above 0")]
    [InlineData("train m --data f --learning-rate fast", "as a number")]
    [InlineData("train m --data f --beta2 1", "--beta2 is 1")]
    [InlineData("train m --data f --optimizer sgd", "sgd")]
    [InlineData("train m --data f --weights w --from-scratch", "exclude each other")]
    [InlineData("train m --data f --validation v --validation-share 0.1", "exclude each other")]
    [InlineData("train m --data f --validation-share 1", "--validation-share is 1")]
    [InlineData("train m --data f --data-kind csv", "csv")]
    [InlineData("eval m", "--data is missing")]
    [InlineData("eval m --data f --n-best 2", "--n-best")]
    [InlineData("plot", "argument")]
    [InlineData("plot r --output loss.gif", ".png or .svg")]
    [InlineData("import", "argument")]
    [InlineData("new", "argument")]
    [InlineData("new lower", "lower")]
    [InlineData("new 1Model", "1Model")]
    [InlineData("new Model --template transformer9", "transformer9")]
    public void MistakeIsToldAndExitsWithTwo(string line, string named) => ToolAssert.Usage(_tool.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), named);

    [Fact]
    public void EmptyStopTextIsRefused() => ToolAssert.Usage(_tool.Run("run", "m", "--stop", ""), "--stop");

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("--version")]
    public void HelpAndVersionGoToStandardOutput(string line)
    {
        ToolResult result = _tool.Run(line.Split(' '));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.NotEqual("", result.Output);
    }

    [Fact]
    public void WhatIsNotThereIsNamed()
    {
        ToolAssert.InvalidInput(_tool.Run("run", "nowhere", "x"), "nowhere");
        ToolAssert.InvalidInput(_tool.Run("run", _tool.Home, "x"), "*.model.yaml");
    }

    [Fact]
    public void FolderWithTwoSpecsIsAmbiguous()
    {
        _tool.Write("two/a.model.yaml", "model: A\n");
        _tool.Write("two/b.model.yaml", "model: B\n");
        ToolAssert.InvalidInput(_tool.Run("run", Path.Combine(_tool.Home, "two"), "x"), "a.model.yaml, b.model.yaml");
    }

    public void Dispose() => _tool.Dispose();
}
