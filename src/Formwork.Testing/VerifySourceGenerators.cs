namespace Formwork.Testing;

/// <summary>Where the real package is told about source generators; called once, from a module initialiser.</summary>
public static class VerifySourceGenerators
{
    private static int s_initialized;

    /// <summary>Whether <see cref="Initialize"/> has been called.</summary>
    public static bool Initialized => s_initialized != 0;

    /// <summary>Does nothing here, because <see cref="Verifier"/> knows drivers from the start; the real package needs it, once.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public static void Initialize()
    {
        if (Interlocked.Exchange(ref s_initialized, 1) != 0)
            throw new InvalidOperationException("VerifySourceGenerators.Initialize was called twice; call it once, from a module initialiser.");
    }
}
