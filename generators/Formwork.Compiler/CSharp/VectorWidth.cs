namespace Formwork.Compiler.CSharp;

/// <summary>One of the vector widths that kernels are emitted for.</summary>
/// <param name="Bits">Bits of a vector.</param>
public sealed record VectorWidth(int Bits)
{
    /// <summary>AVX-512: 32 registers.</summary>
    public static VectorWidth V512 { get; } = new(512);

    /// <summary>AVX2 with FMA: 16 registers.</summary>
    public static VectorWidth V256 { get; } = new(256);

    /// <summary>SSE or what there is: 16 registers (32 on Arm).</summary>
    public static VectorWidth V128 { get; } = new(128);

    /// <summary>All, widest first.</summary>
    public static IReadOnlyList<VectorWidth> All { get; } = [V512, V256, V128];

    /// <summary>Floats of a vector.</summary>
    public int Lanes => Bits / 32;

    /// <summary>Vectors of a panel of 16 floats.</summary>
    public int VectorsPerPanel => 16 / Lanes;

    /// <summary>The class with its operations: <c>Vector512</c>.</summary>
    public string Class => "Vector" + Bits;

    /// <summary>The type: <c>Vector512&lt;float&gt;</c>.</summary>
    public string Type => Class + "<float>";

    /// <summary>
    /// The one visible branch on the machine's width: <c>if (Vector512.IsHardwareAccelerated) … else …</c>, around the statement that
    /// <paramref name="statement"/> gives for a width.
    /// </summary>
    public static string Branch(Func<VectorWidth, string> statement) =>
        $"""
        if (Vector512.IsHardwareAccelerated)
            {statement(V512)}
        else if (Vector256.IsHardwareAccelerated)
            {statement(V256)}
        else
            {statement(V128)}
        """;
}
