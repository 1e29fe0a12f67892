namespace Formwork.Cli.Output;

/// <summary>Nobody reads standard output any more (<c>formwork run … | head -1</c>): a reason to end, not an error.</summary>
internal sealed class OutputClosedException(IOException cause) : Exception("Standard output is closed.", cause);
