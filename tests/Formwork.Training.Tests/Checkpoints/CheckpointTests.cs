using Formwork.Runtime;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.Training.Checkpoints;
using Formwork.Training.Schedules;
using Formwork.Training.Tests.Fakes;
using Xunit;

namespace Formwork.Training.Tests.Checkpoints;

public class CheckpointTests
{
    private static TrainingOptions Options(TemporaryFolder folder) => new()
    {
        Steps = 12, LearningRate = new ConstantSchedule(0.01), Folder = folder.Path, CheckpointInterval = 3, KeptCheckpoints = 2,
    };

    [Fact]
    public void CheckpointIsACheckpointOfTheModelsLayout()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options(folder));
        using var stored = Checkpoint.Open(folder.File("step-00000012"));
        using var final = Checkpoint.Open(folder.Path);
        using var packed = new PackedCheckpoint(model.Description.Weights, model.PackedWeights);
        Assert.Equal(["wte", "h.0.up.weight", "h.0.up.bias", "head"], stored.Tensors.Keys);
        foreach (string tensor in packed.Tensors.Keys)
        {
            Assert.Equal(packed.Read(tensor), stored.Read(tensor));
            Assert.Equal(packed.Read(tensor), final.Read(tensor));
        }
    }

    [Fact]
    public void NewestCheckpointsAreKept()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options(folder));
        Assert.Equal(["step-00000009", "step-00000012"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void CancelledRunIsResumedWhereItStopped()
    {
        using var folder = new TemporaryFolder();
        using var whole = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        using FakeModel expected = Train(Options(whole));
        using (var model = new FakeModel())
        using (var trainer = new Trainer(model, new FakeData(), Options(folder), new Listener { After = step => { if (step == 5) cancellation.Cancel(); } }))
            Assert.Equal(new TrainingResult(TrainingEnd.Cancelled, 5, null, 0), trainer.Run(cancellation.Token));
        Assert.False(File.Exists(folder.File("model.safetensors")));
        using var resumed = new FakeModel(seed: 99);
        using var second = new Trainer(resumed, new FakeData(), Options(folder));
        Assert.True(second.Resume());
        Assert.Equal(5, second.Step);
        Assert.Equal(TrainingEnd.Finished, second.Run().End);
        Assert.Equal(Weights(expected), Weights(resumed));
    }

    [Fact]
    public void FolderOfAnotherRunIsRefusedUnlessResumed()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options(folder));
        string message = Refused(() => Train(Options(folder)));
        Assert.Contains("step-00000012", message, StringComparison.Ordinal);
        Assert.Contains("Resume that run", message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderInUseIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        using var trainer = new Trainer(model, new FakeData(), Options(folder));
        Assert.Contains("end the run that uses it", Refused(() => new Trainer(model, new FakeData(), Options(folder))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    public void TruncatedCheckpointIsNamedAndTheOneBeforeItStays(string file)
    {
        using var folder = new TemporaryFolder();
        using FakeModel model = Train(Options(folder));
        string path = folder.File($"step-00000012/{file}");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^10]);
        float[] before = Weights(model);
        using (var trainer = new Trainer(model, new FakeData(), Options(folder)))
        {
            string message = Refused(() => trainer.Resume());
            Assert.Contains(path, message, StringComparison.Ordinal);
            Assert.Contains("resume from the one before", message, StringComparison.Ordinal);
            Assert.Equal(before, Weights(model));
        }
        Directory.Delete(folder.File("step-00000012"), recursive: true);
        using var again = new Trainer(model, new FakeData(), Options(folder));
        Assert.True(again.Resume());
        Assert.Equal(9, again.Step);
        again.Run();
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void ChangedFileIsNoticed()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options(folder));
        string path = folder.File("step-00000012/model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var trainer = new Trainer(model, new FakeData(), Options(folder));
        Assert.Contains("other content than was written", Refused(() => trainer.Resume()), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointOfOtherOptionsOrDataIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options(folder));
        using (var trainer = new Trainer(model, new FakeData(), Options(folder) with { Seed = 4 }))
            Assert.Contains("options", Refused(() => trainer.Resume()), StringComparison.Ordinal);
        using (var trainer = new Trainer(model, new FakeData(seed: 2), Options(folder)))
            Assert.Contains("fake 1; expected fake 2", Refused(() => trainer.Resume()), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointThatCannotBeWrittenIsToldAndTheRunGoesOn()
    {
        using var folder = new TemporaryFolder();
        // What stands in the place of the checkpoint of step 6 keeps it from being moved there.
        var listener = new Listener { After = step => { if (step == 4) File.WriteAllText(folder.File("step-00000006"), ""); } };
        using var model = new FakeModel();
        using var trainer = new Trainer(model, new FakeData(), Options(folder), listener);
        Assert.Equal(TrainingEnd.Finished, trainer.Run().End);
        Assert.Contains("step-00000003 is the last good checkpoint", Assert.Single(listener.Warnings), StringComparison.Ordinal);
        Assert.Equal([3, 9, 12], listener.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path, "*.tmp"));
    }

    [Fact]
    public void FolderThatVanishesLosesNothing()
    {
        using var folder = new TemporaryFolder();
        var listener = new Listener { After = step => { if (step == 7) Directory.Delete(folder.Path, recursive: true); } };
        using var whole = new TemporaryFolder();
        using FakeModel expected = Train(Options(whole)), model = new();
        using (var trainer = new Trainer(model, new FakeData(), Options(folder), listener))
            trainer.Run();
        Assert.Equal(Weights(expected), Weights(model));
        Assert.True(File.Exists(folder.File("model.safetensors")));
        Assert.True(Directory.Exists(folder.File("step-00000012")));
        // The metrics of step 8 had no folder to go to.
        Assert.NotEmpty(listener.Warnings);
    }

    [Fact]
    public void FullDiskUnderTheMetricsDoesNotStopTheRun()
    {
        if (!File.Exists("/dev/full"))
            return;
        using var folder = new TemporaryFolder();
        var listener = new Listener { After = step => { if (step == 1) LinkToFullDisk(folder.File("metrics.jsonl")); } };
        using var model = new FakeModel();
        using var trainer = new Trainer(model, new FakeData(), Options(folder), listener);
        Assert.Equal(TrainingEnd.Finished, trainer.Run().End);
        Assert.Equal(11, listener.Warnings.Count);
    }

    private static void LinkToFullDisk(string path)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/full");
    }

    [Fact]
    public void DivergenceNamesStepAndTensorAndTheLastGoodCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        using var trainer = new Trainer(model, new FakeData(), Options(folder) with { LearningRate = new ConstantSchedule(0.01) });
        model.Spoiled = (8, float.NaN);
        string message = Refused(() => trainer.Run());
        Assert.Contains("step 8: found the loss that is not finite", message, StringComparison.Ordinal);
        Assert.Contains("step-00000006", message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatOverflowAreNotSaved()
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        using var trainer = new Trainer(model, new FakeData(), Options(folder) with { LearningRate = new ConstantSchedule(1e39, 12) });
        Assert.Contains("that is not finite", Refused(() => trainer.Run()), StringComparison.Ordinal);
        Assert.All(Directory.GetDirectories(folder.Path), checkpoint => CheckpointStore.Read(checkpoint));
    }

    [Fact]
    public void AverageIsTheMeanOfTheFiles()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("a.safetensors"), [("t", [2], [1f, 2f]), ("u", [1], [0f])]);
        SafetensorsWriter.Write(folder.File("b.safetensors"), [("u", [1], [4f]), ("t", [2], [2f, 6f])], TensorType.BF16);
        using var average = new AveragedCheckpoint([folder.File("a.safetensors"), folder.File("b.safetensors")]);
        Assert.Equal([1.5f, 4f], average.Read("t"));
        Assert.Equal([2f], average.Read("u"));
        SafetensorsWriter.Write(folder.File("c.safetensors"), [("t", [3], [1f, 2f, 3f]), ("u", [1], [0f])]);
        string message = Refused(() => new AveragedCheckpoint([folder.File("a.safetensors"), folder.File("c.safetensors")]));
        Assert.Contains("t: found shape [3]; expected [2]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunCanEndWithTheMeanOfItsCheckpoints()
    {
        using var folder = new TemporaryFolder();
        using var model = Train(Options(folder) with { Result = FinalWeights.Average });
        using var first = Checkpoint.Open(folder.File("step-00000009"));
        using var second = Checkpoint.Open(folder.File("step-00000012"));
        using var final = Checkpoint.Open(folder.Path);
        Assert.Equal(first.Read("head").Zip(second.Read("head"), (a, b) => (float)(((double)a + b) / 2)), final.Read("head"));
    }

    private static FakeModel Train(TrainingOptions options)
    {
        var model = new FakeModel();
        using var trainer = new Trainer(model, new FakeData(), options);
        trainer.Run();
        return model;
    }

    private static float[] Weights(FakeModel model) => model.PackedWeights.AsSpan(0, (int)model.PackedWeights.Length).ToArray();

    private static string Refused(Action action) => Assert.Throws<InvalidInputException>(action).Message;

    private static string Refused(Func<object> action) => Assert.Throws<InvalidInputException>(action).Message;
}
