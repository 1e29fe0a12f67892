namespace Formwork.Runtime.Threading;

/// <summary>
/// The threads that run a model's passes. A pass starts all of them once; inside it they meet at barriers of about a microsecond,
/// so that a step of many small kernels does not pay for starting threads at each.
/// </summary>
public sealed class WorkerTeam : IDisposable
{
    private readonly TeamState _state;
    private readonly Worker _first;
    private readonly Worker _alone;
    private bool _disposed;

    /// <summary>Starts <paramref name="count"/> − 1 threads; the caller of <see cref="Run"/> is the other one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public WorkerTeam(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var state = new TeamState(count);
        _state = state;
        _first = new Worker(state, 0, count);
        _alone = new Worker(state, 0, 1);
        for (int index = 1; index < count; index++)
        {
            int worker = index;
            new Thread(() => state.Serve(worker)) { IsBackground = true, Name = $"Formwork worker {index}" }.Start();
        }
    }

    /// <summary>Number of workers.</summary>
    public int Count => _state.Count;

    /// <summary>Runs a pass on all workers, or on the calling thread alone, and returns when all are done. One pass at a time.</summary>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    public void Run(Action<Worker> pass, bool alone)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (alone || Count == 1)
            pass(_alone);
        else
            _state.Run(pass, _first);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _disposed = true;
        _state.Stop();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the threads of a team that nobody disposed.</summary>
    ~WorkerTeam() => _state.Stop();
}
