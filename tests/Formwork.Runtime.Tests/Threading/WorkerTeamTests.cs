using Formwork.Runtime.Threading;
using Xunit;

namespace Formwork.Runtime.Tests.Threading;

public class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryWorkerRunsEveryPassOnce(int count)
    {
        using var team = new WorkerTeam(count);
        var runs = new int[count];
        for (int pass = 0; pass < 200; pass++)
            team.Run(worker => runs[worker.Index]++, alone: false);

        Assert.All(runs, run => Assert.Equal(200, run));
    }

    [Fact]
    public void WhatWasWrittenBeforeABarrierIsSeenAfterIt()
    {
        using var team = new WorkerTeam(3);
        var written = new int[3];
        int wrong = 0;
        team.Run(
            worker =>
            {
                for (int round = 1; round <= 500; round++)
                {
                    written[worker.Index] = round;
                    worker.Synchronize();
                    if (written.Any(value => value != round))
                        Interlocked.Increment(ref wrong);
                    worker.Synchronize();
                }
            },
            alone: false);

        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(1, 4)]
    [InlineData(0, 3)]
    public void SharesAreDisjointAndCoverEverything(int items, int granule)
    {
        using var team = new WorkerTeam(3);
        var taken = new int[items];
        team.Run(
            worker =>
            {
                (int first, int end) = worker.Share(items, granule);
                Assert.True(first == end || first % granule == 0);
                for (int item = first; item < end; item++)
                    Interlocked.Increment(ref taken[item]);
            },
            alone: false);

        Assert.All(taken, count => Assert.Equal(1, count));
    }

    [Fact]
    public void AloneIsOneWorkerWithoutBarriers()
    {
        using var team = new WorkerTeam(2);
        var seen = new List<(int Index, int Count)>();
        team.Run(
            worker =>
            {
                worker.Synchronize();
                seen.Add((worker.Index, worker.Count));
            },
            alone: true);

        Assert.Equal([(0, 1)], seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AFailureReachesTheCallerAndTheTeamGoesOn(int failing)
    {
        using var team = new WorkerTeam(2);
        var failure = Assert.Throws<InvalidOperationException>(() => team.Run(
            worker =>
            {
                if (worker.Index == failing)
                    throw new ArithmeticException("broken");
                worker.Synchronize();
            },
            alone: false));
        Assert.IsType<ArithmeticException>(failure.InnerException);

        int runs = 0;
        team.Run(
            worker =>
            {
                worker.Synchronize();
                Interlocked.Increment(ref runs);
            },
            alone: false);
        Assert.Equal(2, runs);
    }

    [Fact]
    public void ATeamWakesAfterItsThreadsFellAsleep()
    {
        using var team = new WorkerTeam(2);
        int runs = 0;
        team.Run(_ => Interlocked.Increment(ref runs), alone: false);
        Thread.Sleep(100);
        team.Run(_ => Interlocked.Increment(ref runs), alone: false);

        Assert.Equal(4, runs);
    }

    [Fact]
    public void ADisposedTeamSaysSo()
    {
        var team = new WorkerTeam(2);
        team.Dispose();

        Assert.Throws<ObjectDisposedException>(() => team.Run(_ => { }, alone: false));
    }
}
