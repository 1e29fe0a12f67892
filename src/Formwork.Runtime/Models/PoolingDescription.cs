namespace Formwork.Runtime.Models;

/// <summary>What an encoder's embedding of a text is.</summary>
/// <param name="Kind">How the tokens' states become one vector.</param>
/// <param name="Normalize">Whether that vector is divided by its Euclidean length.</param>
public sealed record PoolingDescription(PoolingKind Kind, bool Normalize);
