using System.Runtime.CompilerServices;
using Formwork.Testing.Snapshots;
using Microsoft.CodeAnalysis;

namespace Formwork.Testing;

/// <summary>
/// Snapshot tests with the file names, contents and failure texts of the Verify package, for where that package cannot be had.
/// To go over to it, write <c>using static VerifyXunit.Verifier;</c> in place of <c>using static Formwork.Testing.Verifier;</c>:
/// the snapshots stay as they are.
/// </summary>
/// <remarks>
/// What a run gives is compared with the files <c>{Class}.{Method}[#name].verified.{extension}</c>; what is missing or different is
/// written beside them as <c>.received.</c>, and the test fails. To accept, rename received to verified.
/// </remarks>
public static class Verifier
{
    private static DerivePathInfo s_derivePathInfo = static (sourceFile, _, type, method) =>
        new PathInfo(Path.Combine(Path.GetDirectoryName(sourceFile)!, "_snapshots"), TestNames.Of(type), method.Name);

    /// <summary>Compares every file that a generator driver produced, and the diagnostics if there are any.</summary>
    /// <param name="driver">A driver that has run.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <param name="memberName">Filled in by the compiler.</param>
    /// <returns>A task that fails with <see cref="VerifyException"/>, or with the generator's own exception when it threw one.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static SettingsTask Verify(GeneratorDriver driver, [CallerFilePath] string sourceFile = "", [CallerMemberName] string memberName = "") =>
        Start(() => GeneratorTargets.Of(driver.GetRunResult()), sourceFile, memberName);

    /// <summary>Compares every file of a run, and the diagnostics if there are any.</summary>
    /// <inheritdoc cref="Verify(GeneratorDriver, string, string)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static SettingsTask Verify(GeneratorDriverRunResult result, [CallerFilePath] string sourceFile = "", [CallerMemberName] string memberName = "") =>
        Start(() => GeneratorTargets.Of(result), sourceFile, memberName);

    /// <summary>Compares one text, in the file <c>{Class}.{Method}.verified.{extension}</c>.</summary>
    /// <param name="text">The text; <c>\r\n</c> counts as <c>\n</c>.</param>
    /// <param name="extension">The file's extension, without a dot.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <param name="memberName">Filled in by the compiler.</param>
    /// <returns>A task that fails with <see cref="VerifyException"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static SettingsTask Verify(string text, string extension = "txt", [CallerFilePath] string sourceFile = "", [CallerMemberName] string memberName = "") =>
        Start(() => [new SnapshotTarget(null, extension, text)], sourceFile, memberName);

    /// <summary>Says where snapshots lie, once, from a module initialiser. Unless told they lie in <c>_snapshots/</c> beside the test file.</summary>
    public static void DerivePathInfo(DerivePathInfo derivePathInfo) => s_derivePathInfo = derivePathInfo;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SettingsTask Start(Func<IReadOnlyList<SnapshotTarget>> targets, string sourceFile, string memberName)
    {
        RunningTest test = RunningTest.Find(sourceFile, memberName);
        PathInfo place = test.Type is not null && test.Method is not null
            ? s_derivePathInfo(sourceFile, ProjectDirectory(sourceFile), test.Type, test.Method)
            : new PathInfo(Path.Combine(Path.GetDirectoryName(sourceFile)!, "_snapshots"), test.TypeName, test.MethodName);
        return new SettingsTask(test, place, targets);
    }

    private static string ProjectDirectory(string sourceFile)
    {
        for (string? folder = Path.GetDirectoryName(sourceFile); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.*proj").Any())
                return folder;
        }

        return Path.GetDirectoryName(sourceFile) ?? "";
    }
}
