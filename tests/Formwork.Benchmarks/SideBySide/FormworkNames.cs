namespace Formwork.Benchmarks.SideBySide;

/// <summary>What we are called in the tables.</summary>
internal static class FormworkNames
{
    /// <summary>Our heading.</summary>
    public const string Contender = "Formwork";
}
