using Formwork.Benchmarks.Limits;

namespace Formwork.Benchmarks.SideBySide;

/// <summary>One row's work.</summary>
/// <typeparam name="TContender">Who can do it.</typeparam>
internal interface IRaceWork<in TContender>
    where TContender : IContender
{
    /// <summary>The row's name.</summary>
    string Name { get; }

    /// <summary>How many of what the table counts a turn does.</summary>
    int Units { get; }

    /// <summary>Bytes that the work reads again and again.</summary>
    long WorkingSet { get; }

    /// <summary>Units per second at the machine's limit.</summary>
    double LimitPerSecond(MachineLimits limits);

    /// <summary>Does the work once; what goes before it is not timed.</summary>
    RaceTurn Run(TContender contender);
}
