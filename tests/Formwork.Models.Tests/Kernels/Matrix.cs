using Formwork.Compiler.Planning;
using Formwork.Runtime.Memory;

namespace Formwork.Models.Tests.Kernels;

/// <summary>A matrix as kernels have them: row-major or in panels of 16 rows, in memory that ends where the kernels may not write.</summary>
public sealed unsafe class Matrix : IDisposable
{
    // Vectors past the end that must stay as they are.
    private const int Guard = 32;
    private const float GuardValue = 12345;

    private readonly NativeBuffer _buffer;
    private readonly bool _panels;

    private Matrix(int rows, int columns, int stride, bool panels)
    {
        (Rows, Columns, Stride, _panels) = (rows, columns, stride, panels);
        Floats = panels ? (long)Kernel.Padded(rows) * columns : (long)rows * stride;
        _buffer = new NativeBuffer(Floats + Guard);
        for (int i = 0; i < Guard; i++)
            Pointer[Floats + i] = GuardValue;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a row.</summary>
    public int Columns { get; }

    /// <summary>Floats from row to row, where they lie one after the other.</summary>
    public int Stride { get; }

    /// <summary>Floats, padding included.</summary>
    public long Floats { get; }

    /// <summary>The first float.</summary>
    public float* Pointer => _buffer.Pointer;

    /// <summary>An element.</summary>
    public ref float this[int row, int column] => ref Pointer[Index(row, column)];

    /// <summary>Random numbers of about 1, row-major; the padding holds <paramref name="padding"/>.</summary>
    public static Matrix Random(int seed, int rows, int columns, float padding = 0, int? stride = null)
    {
        var matrix = new Matrix(rows, columns, stride ?? Kernel.Padded(columns), panels: false);
        new Span<float>(matrix.Pointer, (int)matrix.Floats).Fill(padding);
        matrix.Draw(seed);
        return matrix;
    }

    /// <summary>The same in panels; the lanes past the last row hold <paramref name="padding"/>.</summary>
    public static Matrix RandomPanels(int seed, int rows, int columns, float padding = 0)
    {
        var matrix = new Matrix(rows, columns, 0, panels: true);
        new Span<float>(matrix.Pointer, (int)matrix.Floats).Fill(padding);
        matrix.Draw(seed);
        return matrix;
    }

    /// <summary>A copy.</summary>
    public Matrix Copy()
    {
        var copy = new Matrix(Rows, Columns, Stride, _panels);
        Span().CopyTo(copy.Span());
        return copy;
    }

    /// <summary>All floats, padding included.</summary>
    public Span<float> Span() => new(Pointer, checked((int)Floats));

    /// <summary>What no element has: the padding.</summary>
    public IEnumerable<float> Padding()
    {
        var seen = new bool[Floats];
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                seen[Index(row, column)] = true;
        return Enumerable.Range(0, (int)Floats).Where(i => !seen[i]).Select(At).ToArray();
    }

    /// <summary>Whether nothing was written past the end.</summary>
    public bool IsUnharmed => Enumerable.Range(0, Guard).All(i => At(Floats + i) == GuardValue);

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private float At(int index) => Pointer[index];

    private float At(long index) => Pointer[index];

    private long Index(int row, int column) => _panels ? ((long)(row / 16) * Columns + column) * 16 + row % 16 : (long)row * Stride + column;

    private void Draw(int seed)
    {
        var random = new Random(seed);
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                this[row, column] = (float)(random.NextDouble() * 2 - 1);
    }
}
