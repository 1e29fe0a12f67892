using System.Runtime.InteropServices;

namespace Formwork.Cli;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a cancelled <see cref="Token"/>, so that work ends in order; a second one kills as ever.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _part;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What a shell would say of the signal: 128 and its number.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Interrupted;

    /// <summary>Until it is disposed, the first Ctrl-C ends a part of the work alone.</summary>
    public IDisposable EndsOnly(CancellationTokenSource part)
    {
        lock (_lock)
            _part = part;
        return new Part(this);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT && CancelPart())
            return;
        ExitCode = context.Signal == PosixSignal.SIGTERM ? ExitCodes.Terminated : ExitCodes.Interrupted;
        _source.Cancel();
        CancelPart();
    }

    private bool CancelPart()
    {
        // Under the lock, so that the part cannot end and be disposed meanwhile.
        lock (_lock)
        {
            bool there = _part is not null;
            _part?.Cancel();
            _part = null;
            return there;
        }
    }

    private sealed class Part(Interruption interruption) : IDisposable
    {
        public void Dispose()
        {
            lock (interruption._lock)
                interruption._part = null;
        }
    }
}
