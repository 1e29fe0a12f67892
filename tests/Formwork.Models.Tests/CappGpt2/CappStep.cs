namespace Formwork.Models.Tests.CappGpt2;

/// <summary>One new token of a golden run.</summary>
/// <param name="Next">The token.</param>
/// <param name="Logits">The logits it was the greatest of.</param>
internal sealed record CappStep(int Next, float[] Logits);
