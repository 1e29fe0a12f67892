namespace Formwork.Compiler.Ops;

/// <summary>The parts of a worker's scratch, one after the other.</summary>
internal sealed class AttentionBuffers
{
    private readonly List<string> _declarations = [];

    /// <summary>Floats of all.</summary>
    public long Floats { get; private set; }

    /// <summary>Adds a part, unless it is empty.</summary>
    public AttentionBuffers With(string name, long floats)
    {
        if (floats == 0)
            return this;
        _declarations.Add(Floats == 0 ? $"{name} = scratch" : $"{name} = scratch + {Floats}");
        Floats += (floats + 15) / 16 * 16;
        return this;
    }

    /// <summary>The C# that declares a pointer to each.</summary>
    public string Declarations => $"float* {string.Join(", ", _declarations)};";

    /// <summary>Rows come in tiles of four.</summary>
    public static long Rows(int context) => (context + 3) / 4 * 4;

    /// <summary>Numbers of the distances from each of a context's positions to each, and of the vector that reaches behind the last.</summary>
    public static long Distances(int context) => 2L * context + 16;
}
