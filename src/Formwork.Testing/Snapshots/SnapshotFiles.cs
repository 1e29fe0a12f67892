using System.Collections.Concurrent;
using System.Text;

namespace Formwork.Testing.Snapshots;

/// <summary>The verified and received files of one test: all that begin with <paramref name="prefix"/> and <c>.</c> or <c>#</c>.</summary>
internal sealed class SnapshotFiles(string directory, string prefix)
{
    private static readonly ConcurrentDictionary<string, bool> s_used = new();
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Compares, writes what is to be looked at, and throws when not all is equal.</summary>
    public async Task Compare(IReadOnlyList<SnapshotTarget> targets)
    {
        if (!s_used.TryAdd(Path.Combine(directory, prefix), true))
            throw new VerifyException($"The prefix has already been used: {prefix}. Two comparisons in one test need two methods, or UseParameters.");
        Directory.CreateDirectory(directory);
        foreach (string stale in Existing("received"))
            File.Delete(Path.Combine(directory, stale));

        var failures = new FailureText(directory);
        var produced = new HashSet<string>();
        foreach ((string name, SnapshotTarget target) in Names(targets))
        {
            string verified = $"{name}.verified.{target.Extension}", received = $"{name}.received.{target.Extension}";
            produced.Add(verified);
            await Compare(received, verified, target.Text.Replace("\r\n", "\n"), failures);
        }

        foreach (string surplus in Existing("verified").Where(file => !produced.Contains(file)))
            failures.Delete(surplus);
        failures.ThrowIfAny();
    }

    private async Task Compare(string received, string verified, string text, FailureText failures)
    {
        string? expected = await ReadVerified(verified);
        if (expected == text)
        {
            failures.Equal(received, verified);
            return;
        }

        await File.WriteAllTextAsync(Path.Combine(directory, received), text, s_encoding);
        if (expected is null)
            failures.New(received, verified, text);
        else
            failures.NotEqual(received, verified, text, expected);
    }

    /// <summary>The verified text; null when there is none yet. An empty file is what an editor leaves when somebody rejects everything.</summary>
    private async Task<string?> ReadVerified(string verified)
    {
        string path = Path.Combine(directory, verified);
        if (!File.Exists(path))
            return null;
        string text = await File.ReadAllTextAsync(path, Encoding.UTF8);
        if (text.Length == 0)
        {
            File.Delete(path);
            return null;
        }

        return text.Contains('\r')
            ? throw new VerifyException($"{path} contains a carriage return; snapshots end their lines with \\n. Set `*.verified.* text eol=lf` in .gitattributes.")
            : text;
    }

    /// <summary>File names without ending: the prefix alone, or with <c>#name</c>; with an index where several would be one file.</summary>
    private IEnumerable<(string Name, SnapshotTarget Target)> Names(IReadOnlyList<SnapshotTarget> targets)
    {
        foreach (IGrouping<(string?, string), SnapshotTarget> same in targets.GroupBy(target => (target.Name, target.Extension)))
        {
            bool indexed = same.Count() > 1;
            int index = 0;
            foreach (SnapshotTarget target in same)
                yield return ($"{prefix}{(target.Name is null ? "" : "#" + target.Name)}{(indexed ? $".{index++:D2}" : "")}", target);
        }
    }

    /// <summary>This test's files of one kind: <c>Class.Method#name…</c> and <c>Class.Method.verified…</c>, not <c>Class.MethodTwo…</c>.</summary>
    private string[] Existing(string kind) => Directory
        .EnumerateFiles(directory, $"{prefix}*.{kind}.*")
        .Select(path => Path.GetFileName(path))
        .Where(file => file.StartsWith($"{prefix}.{kind}.", StringComparison.Ordinal) || file.StartsWith($"{prefix}#", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .ToArray();
}
