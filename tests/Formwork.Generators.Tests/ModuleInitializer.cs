using System.Runtime.CompilerServices;
using Formwork.Testing;

namespace Formwork.Generators.Tests;

internal static class ModuleInitializer
{
    [ModuleInitializer]
    internal static void Initialize()
    {
        VerifySourceGenerators.Initialize();
        Verifier.DerivePathInfo(static (sourceFile, _, _, _) => new PathInfo(Path.Combine(Path.GetDirectoryName(sourceFile)!, "_snapshots")));
    }
}
