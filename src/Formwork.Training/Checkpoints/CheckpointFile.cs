namespace Formwork.Training.Checkpoints;

/// <summary>What a checkpoint's file was when it was written.</summary>
/// <param name="Name">Its name in the checkpoint's folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, in hexadecimal.</param>
internal sealed record CheckpointFile(string Name, long Bytes, string Sha256);
