using System.Diagnostics;
using Xunit;

namespace Formwork.Cli.Tests.Learning;

[Collection(LearningTests.Name)]
public sealed class TrainTests(LearningTool learning)
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly LearningTool _learning = learning;

    [Fact]
    public void DecoderLearnsAndItsRunIsAModelsFolder()
    {
        string run = _learning.Folder("letters");
        ToolResult result = _learning.Run("train", _learning.Decoder, "--data", _learning.Text, "--steps", "60", "--learning-rate", "0.01");
        Assert.Equal("", result.Output);
        Assert.Contains("from scratch (gpt2, seed 1)", result.Error);
        Assert.Contains("a vocabulary of 28 characters", result.Error);
        Assert.Contains("step 60: evaluation loss", result.Error);
        Assert.DoesNotContain("\u001b", result.Error);
        Assert.Equal(60, File.ReadLines(Path.Combine(run, "metrics.jsonl")).Count(line => line.Contains("learning_rate")));
        Assert.Equal(PngSignature, File.ReadAllBytes(Path.Combine(run, "loss.png"))[..4]);
        Assert.True(LastLoss(run) < 2.6, $"{LastLoss(run)} nats a character, from ln 28 = 3.3");
        Assert.StartsWith("the q", _learning.Run("run", run, "the q", "-n", "8").Output);
    }

    [Fact]
    public void ResumedRunGivesTheBitsOfOneThatWasNeverStopped()
    {
        string[] how = ["--schedule", "constant", "--warm-up", "2", "--save-every", "5", "--batch-size", "4", "--evaluate-every", "4"];
        string whole = _learning.Folder("whole"), stopped = _learning.Folder("stopped");
        _learning.Run(["train", _learning.Decoder, "-d", _learning.Text, "-o", whole, "--steps", "14", .. how]);
        _learning.Run(["train", _learning.Decoder, "-d", _learning.Text, "-o", stopped, "--steps", "6", .. how, "--threads", "1"]);
        ToolResult resumed = _learning.Run("train", "--resume", stopped, "--steps", "14", "--threads", "2");
        Assert.Contains("goes on after step 6", resumed.Error);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(stopped, "model.safetensors")));
        Assert.Equal(Losses(whole), Losses(stopped));
    }

    [Fact]
    public void FolderOfAnEarlierRunIsRefusedAndSoAreOtherNumbers()
    {
        string run = _learning.Folder("earlier");
        string[] begin = ["train", _learning.Decoder, "--data", _learning.Text, "--output", run, "--steps", "2"];
        _learning.Run(begin);
        ToolAssert.InvalidInput(_learning.Tool.Run(begin), $"formwork train --resume {run}");
        ToolAssert.InvalidInput(_learning.Tool.Run("train", "--resume", run, "--clip", "0.5"), "Resume with what the run was started with");
        ToolAssert.InvalidInput(_learning.Tool.Run("train", "--resume", _learning.Tool.Home), "no run.json");
    }

    [SignalTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void SignalEndsTheRunWithACheckpointToGoOnFrom(string signal, int exitCode)
    {
        string run = _learning.Folder("signal-" + signal), metrics = Path.Combine(run, "metrics.jsonl");
        using Process process = _learning.Tool.Start(
            "train", _learning.Decoder, "--data", _learning.Text, "-o", run, "--steps", "10000000", "--save-every", "10000000", "--schedule", "constant", "--validation-share", "0");
        for (var waited = Stopwatch.StartNew(); !File.Exists(metrics) && !process.HasExited && waited.Elapsed < TimeSpan.FromMinutes(2);)
            Thread.Sleep(20);
        using (Process kill = Process.Start("kill", ["-" + signal, $"{process.Id}"]))
            kill.WaitForExit();
        ToolResult result = Tool.End(process);
        Assert.True(result.ExitCode == exitCode, $"{result.ExitCode}: {result.Error}");
        Assert.Contains($"go on with: formwork train --resume {run}", result.Error);
        long step = long.Parse(Path.GetFileName(Directory.GetDirectories(run, "step-*").Single())["step-".Length..]);
        Assert.Contains($"goes on after step {step}", _learning.Run("train", "--resume", run, "--steps", $"{step + 2}").Error);
        Assert.True(File.Exists(Path.Combine(run, "model.safetensors")));
    }

    [Fact]
    public void EncoderLearnsToFillMasksWithAVocabularyOfItsOwn()
    {
        string run = _learning.Folder("masks-run");
        ToolResult result = _learning.Run("train", _learning.Encoder, "--data", _learning.Lines, "-o", run, "--lowercase", "--steps", "4");
        Assert.Contains("18 texts to learn from", result.Error);
        Assert.Contains("2 to evaluate with", result.Error);
        Assert.Equal(3, _learning.Run("run", run, "a [MASK] fox", "--top", "3").Output.TrimEnd('\n').Split('\n').Length);
        Assert.Equal(_learning.Run("tokenize", run, "--ids", "a red fox").Output, _learning.Run("tokenize", run, "--ids", " A Red FOX").Output);
        Assert.DoesNotContain("training", File.ReadAllText(Path.Combine(run, "masks.model.yaml")));
    }

    [Fact]
    public void ClassifierLearnsFromJsonLines()
    {
        string run = _learning.Folder("kinds-run");
        _learning.Run("train", _learning.Classifier, "--data", _learning.Labelled, "--label-field", "kind", "-o", run, "--steps", "4");
        Assert.Equal(2, _learning.Run("run", run, "a red fox").Output.TrimEnd('\n').Split('\n').Length);
        ToolAssert.InvalidInput(_learning.Tool.Run("train", _learning.Classifier, "--data", _learning.Labelled, "-o", _learning.Folder("unlabelled")), "\"label\"");
    }

    [Fact]
    public void TranslatorLearnsFromPairsAndIsAveraged()
    {
        string run = _learning.Folder("pairs-run"), half = Path.Combine(run, "model.safetensors");
        _learning.Run(
            "train", _learning.Translator, "--data", _learning.Lines, "--targets", _learning.Targets, "--validation", _learning.Lines, "--validation-targets", _learning.Targets,
            "-o", run, "--steps", "6", "--schedule", "inverse-sqrt", "--label-smoothing", "0.1", "--save-every", "2", "--keep", "2", "--result", "average", "--store", "bf16");
        Assert.EndsWith("\n", _learning.Run("run", run, "a red fox", "-n", "5").Output);
        long full = new FileInfo(Path.Combine(Directory.GetDirectories(run, "step-*")[0], "model.safetensors")).Length;
        // Of so small a model the header is a good part.
        Assert.InRange(new FileInfo(half).Length, full / 2, full * 3 / 5);
        ToolAssert.Usage(_learning.Tool.Run("train", _learning.Translator, "--data", _learning.Lines), "as many files of targets");
    }

    [Fact]
    public void WeightsBesideTheSpecAreTunedOrGetAdapters()
    {
        string first = _learning.Folder("first"), adapters = _learning.Folder("adapters");
        _learning.Run("train", _learning.Decoder, "-d", _learning.Text, "-o", first, "--steps", "3");
        ToolResult tuned = _learning.Run("train", first, "-d", _learning.Text, "-o", _learning.Folder("tuned"), "--steps", "3");
        Assert.Contains($"starts from the weights {first}", tuned.Error);
        Assert.Contains("from scratch", _learning.Run("train", first, "-d", _learning.Text, "-o", _learning.Folder("anew"), "--steps", "1", "--initialization", "torch").Error);
        _learning.Run("train", first, "-d", _learning.Text, "-o", adapters, "--steps", "3", "--lora-rank", "2");
        Assert.True(File.Exists(Path.Combine(adapters, "adapter_model.safetensors")));
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(first, "model.safetensors")), File.ReadAllBytes(Path.Combine(adapters, "model.safetensors")));
        _learning.Run("run", adapters, "the q", "-n", "4");
        _learning.Run("train", "--resume", adapters);
        ToolAssert.Usage(_learning.Tool.Run("train", first, "-d", _learning.Text, "--lora-alpha", "2"), "belong to --lora-rank");
    }

    [Fact]
    public void WhatCannotBeUsedIsNamed()
    {
        ToolAssert.InvalidInput(_learning.Tool.Run("train", _learning.Decoder, "--data", "nowhere.txt"), "nowhere.txt");
        ToolAssert.InvalidInput(_learning.Tool.Run("train", "nowhere", "--data", _learning.Text), "nowhere");
        ToolAssert.Usage(_learning.Tool.Run("train", _learning.Decoder, "--data", _learning.Text, "--train-tokenizer", "300"), "kind: tokenizer_json");
        ToolAssert.Usage(_learning.Tool.Run("train", _learning.Decoder, "--data", _learning.Text, "--validation-share", "0", "--result", "best"), "--validation-share");
        ToolAssert.Usage(_learning.Tool.Run("train", _learning.Decoder, "--data", _learning.Text, "--steps", "5", "--warm-up", "6"), "--warm-up is 6");
        ToolAssert.Usage(_learning.Tool.Run("train", _learning.Decoder, "--data", _learning.Text, _learning.Labelled), "--data-kind");
    }

    private static double LastLoss(string run) => double.Parse(Losses(run)[^1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);

    // Throughput differs from run to run; all else must not.
    private static string[] Losses(string run) =>
        [.. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Where(line => line.Contains("nats_per_token")).Select(line => line.Split("\"nats_per_token\":")[1].Split(",\"tokens_per_second\"")[0])];
}
