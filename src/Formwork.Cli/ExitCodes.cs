namespace Formwork.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Done; also when the reader of standard output had enough (<c>| head</c>).</summary>
    public const int Success = 0;

    /// <summary>What was given cannot be used: a spec with errors, missing weights, a prompt that is too long.</summary>
    public const int InvalidInput = 1;

    /// <summary>The command line itself is wrong: an unknown option, a missing argument, options that exclude each other.</summary>
    public const int Usage = 2;

    /// <summary>A fault of this program (EX_SOFTWARE of sysexits.h).</summary>
    public const int InternalError = 70;

    /// <summary>Ended by Ctrl-C, as shells say it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM: 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
