namespace Formwork.Testing;

/// <summary>A snapshot test failed; the message lists the files and what is in them.</summary>
public sealed class VerifyException(string message) : Exception(message);
