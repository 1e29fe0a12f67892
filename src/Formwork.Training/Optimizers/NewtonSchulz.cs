using Formwork.Runtime.Memory;

namespace Formwork.Training.Optimizers;

/// <summary>
/// Brings the singular values of a matrix near one: X ← aX + (bA + cA²)X with A = XXᵀ and Jordan's coefficients, after X was divided by its
/// Frobenius norm. Rows are the shorter side; all sizes are padded with zeros to multiples of 16, which stay zero.
/// </summary>
internal sealed unsafe class NewtonSchulz(int mostRows, int mostColumns) : IDisposable
{
    private const float First = 3.4445f, Third = -4.7750f, Fifth = 2.0315f;
    private const int Lanes = 16;

    private readonly NativeBuffer _matrix = new((long)Padded(mostRows) * Padded(mostColumns));
    private readonly NativeBuffer _other = new((long)Padded(mostRows) * Padded(mostColumns));
    private readonly NativeBuffer _square = new((long)Padded(mostRows) * Padded(mostRows));
    private readonly NativeBuffer _fourth = new((long)Padded(mostRows) * Padded(mostRows));
    private int _rows, _columns;

    /// <summary>Begins with a matrix of zeros.</summary>
    public void Begin(int rows, int columns)
    {
        (_rows, _columns) = (Padded(rows), Padded(columns));
        new Span<float>(_matrix.Pointer, checked(_rows * _columns)).Clear();
    }

    /// <summary>An element of the matrix, to set before and to read after.</summary>
    public ref float At(int row, int column) => ref _matrix.Pointer[(long)row * _columns + column];

    /// <summary>Iterates.</summary>
    public void Run(int iterations)
    {
        Normalize();
        for (int i = 0; i < iterations; i++)
        {
            Transpose();
            DenseProduct.Multiply(_matrix.Pointer, _other.Pointer, _square.Pointer, _rows, _rows, _columns);
            DenseProduct.Multiply(_square.Pointer, _square.Pointer, _fourth.Pointer, _rows, _rows, _rows);
            Combine(_fourth.Pointer, Fifth, _square.Pointer, Third, (long)_rows * _rows);
            DenseProduct.Multiply(_fourth.Pointer, _matrix.Pointer, _other.Pointer, _rows, _columns, _rows);
            Combine(_matrix.Pointer, First, _other.Pointer, 1, (long)_rows * _columns);
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _matrix.Dispose();
        _other.Dispose();
        _square.Dispose();
        _fourth.Dispose();
    }

    private static int Padded(int size) => (size + Lanes - 1) / Lanes * Lanes;

    private void Normalize()
    {
        double sum = 0;
        long count = (long)_rows * _columns;
        for (long i = 0; i < count; i++)
            sum += (double)_matrix.Pointer[i] * _matrix.Pointer[i];
        float factor = (float)(1 / (Math.Sqrt(sum) + 1e-7));
        for (long i = 0; i < count; i++)
            _matrix.Pointer[i] *= factor;
    }

    private void Transpose()
    {
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
                _other.Pointer[(long)column * _rows + row] = _matrix.Pointer[(long)row * _columns + column];
        }
    }

    // x ← a·x + b·y
    private static void Combine(float* x, float a, float* y, float b, long count)
    {
        for (long i = 0; i < count; i++)
            x[i] = a * x[i] + b * y[i];
    }
}
