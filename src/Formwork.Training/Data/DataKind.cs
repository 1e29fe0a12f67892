namespace Formwork.Training.Data;

/// <summary>How files hold texts.</summary>
public enum DataKind
{
    /// <summary>Each file is one long text.</summary>
    Stream,

    /// <summary>A text a line.</summary>
    Lines,

    /// <summary>Pairs: line i of a source's file and line i of a target's.</summary>
    Parallel,

    /// <summary>A JSON object a line.</summary>
    JsonLines,
}
