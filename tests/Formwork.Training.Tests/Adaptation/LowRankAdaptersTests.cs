using Formwork.Runtime;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.Training.Adaptation;
using Formwork.Training.Schedules;
using Formwork.Training.Tests.Fakes;
using Xunit;

namespace Formwork.Training.Tests.Adaptation;

public unsafe class LowRankAdaptersTests
{
    private static readonly LowRankOptions Adaptation = new() { Rank = 3, Alpha = 6, Projections = ["*.up.weight", "unembedding.weight"] };

    [Fact]
    public void AdaptersBeginWithoutEffect()
    {
        using var model = new FakeModel();
        float[] before = Weights(model);
        using LowRankAdapters adapters = LowRankAdapters.Create(model, Adaptation, 1);
        model.Run(adapters.Publish);
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void ModelComputesWithWeightsPlusScaledProduct()
    {
        using var model = new FakeModel();
        WeightSlot slot = model.Description.Weights.Slots[1];
        float[] before = Weights(model);
        using LowRankAdapters adapters = Drawn(model);
        WeightSlot a = adapters.Table.Slots[0], b = adapters.Table.Slots[1];
        Assert.Equal(((3, slot.Columns), (slot.Rows, 3)), ((a.Rows, a.Columns), (b.Rows, b.Columns)));
        for (int row = 0; row < slot.Rows; row++)
        {
            for (int column = 0; column < slot.Columns; column++)
            {
                double sum = before[slot.PackedIndex(row, column)];
                for (int rank = 0; rank < 3; rank++)
                    sum += 2.0 * adapters.Values.Pointer[b.PackedIndex(row, rank)] * adapters.Values.Pointer[a.PackedIndex(rank, column)];
                Assert.Equal(sum, model.PackedWeights.Pointer[slot.PackedIndex(row, column)], 1e-5);
            }
        }
    }

    [Fact]
    public void GradientsAreThoseOfTheLoss()
    {
        using var model = new FakeModel(threads: 2);
        using LowRankAdapters adapters = Drawn(model);
        using TrainingPass pass = model.NewTrainingPass(24);
        new BatchInput(model.Description).Set(pass, new FakeData().Batch(1, 0), "here");
        (pass.Backward, pass.LossFactor) = (true, 1f / pass.Outputs);
        model.Run(pass);
        model.Run(worker => adapters.Collect(pass, worker));
        Assert.Equal(-1, new Span<float>(pass.Gradients, (int)pass.GradientFloats).IndexOfAnyExcept(0f));
        pass.Backward = false;
        foreach (WeightSlot slot in adapters.Table.Slots)
        {
            for (int i = 0; i < slot.Rows * slot.Columns; i += 3)
            {
                long at = slot.PackedIndex(i / slot.Columns, i % slot.Columns);
                Assert.Equal(Slope(model, adapters, pass, at), adapters.Gradients(pass)[at], 1e-4);
            }
        }
    }

    [Fact]
    public void OnlyAdaptedMatricesChangeAndTheModelLearns()
    {
        using var folder = new TemporaryFolder();
        using var model = new FakeModel();
        float[] before = Weights(model);
        var listener = new Listener();
        using (var trainer = new Trainer(model, new FakeData(), Options(folder.Path), listener))
            trainer.Run();
        Assert.InRange(listener.Steps[^1].Loss, 0, listener.Steps[0].Loss - 0.5);
        float[] after = Weights(model);
        WeightSlot[] slots = [.. model.Description.Weights.Slots];
        Assert.True(Same(slots[0]) && Same(slots[2]));
        Assert.False(Same(slots[1]) || Same(slots[3]));
        bool Same(WeightSlot slot) => Enumerable.Range(0, slot.Rows * slot.Columns).Select(i => slot.PackedIndex(i / slot.Columns, i % slot.Columns)).All(at => before[at] == after[at]);
    }

    [Fact]
    public void AdaptersKeptApartMergeIntoTheSameModel()
    {
        using var folder = new TemporaryFolder();
        using var trained = new FakeModel();
        using (var trainer = new Trainer(trained, new FakeData(), Options(folder.Path)))
            trainer.Run();
        using var other = new FakeModel();
        AdapterFiles.Merge(other, folder.Path);
        Assert.Equal(Weights(trained), Weights(other));
        using var stored = Checkpoint.Open(folder.File("adapter_model.safetensors"));
        Assert.Contains("base_model.model.h.0.up.lora_A.weight", stored.Tensors.Keys);
        using var merged = Checkpoint.Open(folder.Path);
        using var packed = new PackedCheckpoint(trained.Description.Weights, trained.PackedWeights);
        Assert.Equal(packed.Read("head"), merged.Read("head"));
    }

    [Fact]
    public void ResumedRunGoesOnBitForBit()
    {
        using var folder = new TemporaryFolder();
        using var whole = new TemporaryFolder();
        using var expected = new FakeModel();
        using (var trainer = new Trainer(expected, new FakeData(), Options(whole.Path)))
            trainer.Run();
        using var cancellation = new CancellationTokenSource();
        using (var model = new FakeModel())
        using (var trainer = new Trainer(model, new FakeData(), Options(folder.Path), new Listener { After = step => { if (step == 11) cancellation.Cancel(); } }))
            trainer.Run(cancellation.Token);
        using (var other = new FakeModel(seed: 2))
        using (var trainer = new Trainer(other, new FakeData(), Options(folder.Path)))
            Assert.Contains("base weights", Assert.Throws<InvalidInputException>(() => trainer.Resume()).Message, StringComparison.Ordinal);
        using var resumed = new FakeModel();
        using var second = new Trainer(resumed, new FakeData(), Options(folder.Path));
        Assert.True(second.Resume());
        second.Run();
        Assert.Equal(Weights(expected), Weights(resumed));
    }

    [Fact]
    public void NameOfNoMatrixIsRefused()
    {
        using var model = new FakeModel();
        string message = Assert.Throws<InvalidInputException>(() => LowRankAdapters.Create(model, new LowRankOptions(), 1)).Message;
        Assert.Contains("*attention.query.weight", message, StringComparison.Ordinal);
        Assert.Contains("embedding.token", message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options(string folder) => new()
    {
        Steps = 60, LearningRate = new ConstantSchedule(0.03), Adaptation = Adaptation, Folder = folder, CheckpointInterval = 10,
    };

    private static LowRankAdapters Drawn(FakeModel model)
    {
        LowRankAdapters adapters = LowRankAdapters.Create(model, Adaptation, 1);
        using var random = WeightLoader.Random(adapters.Table, 4, RandomKind.Everything);
        for (long i = 0; i < random.Length; i++)
            adapters.Values.Pointer[i] = 0.3f * random.Pointer[i];
        model.Run(adapters.Publish);
        return adapters;
    }

    private static double Slope(FakeModel model, LowRankAdapters adapters, TrainingPass pass, long at)
    {
        const float Step = 1e-2f;
        float value = adapters.Values.Pointer[at];
        double above = Loss(value + Step), below = Loss(value - Step);
        Loss(value);
        return (above - below) / (2 * Step);
        double Loss(float changed)
        {
            adapters.Values.Pointer[at] = changed;
            model.Run(adapters.Publish);
            model.Run(pass);
            double sum = 0;
            for (int i = 0; i < pass.Outputs; i++)
                sum += pass.Losses[i];
            return sum * pass.LossFactor;
        }
    }

    private static float[] Weights(FakeModel model) => model.PackedWeights.AsSpan(0, (int)model.PackedWeights.Length).ToArray();
}
