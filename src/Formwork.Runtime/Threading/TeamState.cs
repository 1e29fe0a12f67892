namespace Formwork.Runtime.Threading;

/// <summary>
/// What a team's threads share. It is apart from <see cref="WorkerTeam"/> so that a team nobody disposed can be collected although its
/// threads still wait.
/// </summary>
internal sealed class TeamState(int count)
{
    // A pass follows the last one within microseconds while text is generated, and waking a sleeping thread is slow: 0.1 to 0.9 ms on a
    // virtual machine of two processors, where a barrier takes 0.3 to 1.5 µs.
    private const int SpinsBeforeSleep = 2_000;
    private const int SpinsBeforeYield = 1_000;

    private readonly object _sleepers = new();
    private Action<Worker>? _work;
    private Exception? _failure;
    private int _sleeping;
    private int _run;
    private int _arrived;
    private int _generation;
    private int _finished;
    private int _completed;
    private volatile bool _stopped;

    public int Count => count;

    /// <summary>Runs the work on all threads, this one being worker 0, and returns when all are done.</summary>
    public void Run(Action<Worker> work, Worker first)
    {
        _failure = null;
        _work = work;
        Interlocked.Increment(ref _run);
        if (Volatile.Read(ref _sleeping) > 0)
        {
            lock (_sleepers)
                Monitor.PulseAll(_sleepers);
        }
        Work(first);
        _work = null; // a waiting thread must not keep the model alive that the pass belongs to
        if (_failure is { } failure)
            throw new InvalidOperationException("A worker failed; the pass's results are not to be used.", failure);
    }

    /// <summary>What each further thread does until the team is disposed.</summary>
    public void Serve(int index)
    {
        var worker = new Worker(this, index, count);
        for (int seen = 0; WaitForRun(seen); seen = unchecked(seen + 1))
            Work(worker);
    }

    public void Stop()
    {
        _stopped = true;
        lock (_sleepers)
            Monitor.PulseAll(_sleepers);
    }

    public void Synchronize()
    {
        int generation = Volatile.Read(ref _generation);
        if (Interlocked.Increment(ref _arrived) == count)
        {
            _arrived = 0;
            Volatile.Write(ref _generation, unchecked(generation + 1));
            return;
        }
        for (int spin = 0; Volatile.Read(ref _generation) == generation; spin++)
        {
            if (Volatile.Read(ref _failure) is not null)
                throw new OperationCanceledException("another worker failed");
            Pause(spin);
        }
    }

    private void Work(Worker worker)
    {
        try
        {
            _work!(worker);
        }
        catch (Exception failure)
        {
            // The others may be waiting for this worker: they see the failure and leave too.
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
        Finish();
    }

    /// <summary>The last meeting of a pass, which all workers reach whatever happened.</summary>
    private void Finish()
    {
        int run = Volatile.Read(ref _run);
        if (Interlocked.Increment(ref _finished) == unchecked(run * count))
        {
            _arrived = 0;
            Volatile.Write(ref _completed, run);
            return;
        }
        for (int spin = 0; Volatile.Read(ref _completed) != run; spin++)
            Pause(spin);
    }

    private bool WaitForRun(int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (_stopped)
                return false;
            if (Volatile.Read(ref _run) != seen)
                return true;
            Thread.SpinWait(8);
        }
        Interlocked.Increment(ref _sleeping);
        lock (_sleepers)
        {
            while (!_stopped && Volatile.Read(ref _run) == seen)
                Monitor.Wait(_sleepers);
        }
        Interlocked.Decrement(ref _sleeping);
        return !_stopped;
    }

    private static void Pause(int spin)
    {
        if (spin < SpinsBeforeYield)
            Thread.SpinWait(1);
        else
            Thread.Yield();
    }
}
