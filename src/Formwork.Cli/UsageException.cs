namespace Formwork.Cli;

/// <summary>The command line contradicts itself; the message says where, in the words of its options.</summary>
internal sealed class UsageException(string message) : Exception(message);
