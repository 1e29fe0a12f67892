namespace Formwork.Testing.Snapshots;

/// <summary>One text to compare.</summary>
/// <param name="Name">What follows <c>#</c> in the file's name; null when it is the test's only text of its kind.</param>
/// <param name="Extension">The extension, without a dot.</param>
/// <param name="Text">The text.</param>
internal sealed record SnapshotTarget(string? Name, string Extension, string Text);
