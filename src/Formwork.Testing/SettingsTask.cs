using System.Runtime.CompilerServices;
using Formwork.Testing.Snapshots;

namespace Formwork.Testing;

/// <summary>A comparison that runs when it is awaited, so that more can be said about it before.</summary>
public sealed class SettingsTask
{
    private readonly RunningTest _test;
    private readonly PathInfo _place;
    private readonly Func<IReadOnlyList<SnapshotTarget>> _targets;
    private object?[] _parameters = [];
    private Task? _task;

    internal SettingsTask(RunningTest test, PathInfo place, Func<IReadOnlyList<SnapshotTarget>> targets)
    {
        _test = test;
        _place = place;
        _targets = targets;
    }

    /// <summary>Adds <c>_{parameter}={value}</c> to the snapshots' names for each parameter of the test method.</summary>
    /// <exception cref="ArgumentException">The test method has not as many parameters.</exception>
    public SettingsTask UseParameters(params object?[] parameters)
    {
        _parameters = parameters;
        return this;
    }

    /// <summary>The task itself.</summary>
    public Task ToTask() => _task ??= Run();

    /// <summary>Starts the comparison and waits for it.</summary>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>Lets a test method return it as its task.</summary>
    public static implicit operator Task(SettingsTask task) => task.ToTask();

    private async Task Run()
    {
        string prefix = $"{_place.TypeName ?? _test.TypeName}.{_place.MethodName ?? _test.MethodName}{TestNames.Parameters(_test, _parameters)}";
        await new SnapshotFiles(_place.Directory ?? _test.Directory, prefix).Compare(_targets());
    }
}
