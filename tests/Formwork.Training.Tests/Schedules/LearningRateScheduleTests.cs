using Formwork.Training.Schedules;
using Xunit;

namespace Formwork.Training.Tests.Schedules;

public class LearningRateScheduleTests
{
    [Fact]
    public void WarmUpIsALineToThePeak()
    {
        foreach (LearningRateSchedule schedule in new LearningRateSchedule[]
            { new ConstantSchedule(2, 10), new LinearSchedule(2, 10, 20), new CosineSchedule(2, 10, 20), new InverseSquareRootSchedule(2, 10) })
            Assert.Equal([0.2, 1.0, 1.8, 2.0], new long[] { 1, 5, 9, 10 }.Select(schedule.At));
    }

    [Fact]
    public void CosineIsHalfWayInTheMiddleAndStaysAtTheEnd()
    {
        var schedule = new CosineSchedule(1, 100, 300, 0.1);
        Assert.Equal(0.55, schedule.At(200), 12);
        Assert.Equal(0.1 + 0.9 * (1 + Math.Cos(Math.PI / 4)) / 2, schedule.At(150), 12);
        Assert.Equal(0.1, schedule.At(300));
        Assert.Equal(0.1, schedule.At(5000));
    }

    [Fact]
    public void LineEndsAtTheFinalRate()
    {
        var schedule = new LinearSchedule(1, 0, 10, 0.5);
        Assert.Equal(0.75, schedule.At(5));
        Assert.Equal(0.5, schedule.At(11));
    }

    [Fact]
    public void NoamIsTheFormulaOfThePaper()
    {
        InverseSquareRootSchedule schedule = InverseSquareRootSchedule.Noam(512, 4000, 2);
        foreach (long step in new long[] { 1, 100, 3999, 4000, 4001, 100_000 })
            Assert.Equal(2 * Math.Pow(512, -0.5) * Math.Min(Math.Pow(step, -0.5), step * Math.Pow(4000, -1.5)), schedule.At(step), 1e-15);
    }

    [Fact]
    public void InverseSquareRootHasAFloor() => Assert.Equal(0.5, new InverseSquareRootSchedule(1, 10, 0.5).At(1000));
}
