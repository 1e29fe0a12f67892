using System.Numerics.Tensors;
using Formwork.Runtime;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Models;
using Formwork.Runtime.Threading;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;
using Formwork.Training.Checkpoints;

namespace Formwork.Training.Adaptation;

/// <summary>
/// A and B of every adapted matrix, and the matrices' own weights W. The model computes with W′ = W + s·BA, s being alpha over rank, which is
/// put among its packed weights after every step; so dB = s·dW′Aᵀ and dA = s·BᵀdW′, and the model's passes know nothing of adapters.
/// </summary>
internal sealed unsafe class LowRankAdapters : TrainedWeights
{
    private const int ClearedFloats = 1 << 20;

    private readonly TransformerModel _model;
    private readonly LowRankOptions _options;
    private readonly AdaptedMatrix[] _matrices;
    private readonly NativeBuffer _gradients;
    private readonly NativeBuffer _bases;

    private LowRankAdapters(TransformerModel model, LowRankOptions options, AdapterTable table)
        : base(table.Table, new NativeBuffer(table.Table.Length))
    {
        (_model, _options, _matrices) = (model, options, table.Matrices);
        _gradients = new NativeBuffer(Values.Length);
        _bases = new NativeBuffer(table.BaseFloats);
        foreach (AdaptedMatrix matrix in _matrices)
        {
            for (int row = 0; row < matrix.Weight.Rows; row++)
                matrix.Gather(model.PackedWeights.Pointer, row, BaseRow(matrix, row));
        }
        Base = WeightDigest.Of(model.PackedWeights);
    }

    /// <inheritdoc/>
    public override string FileName => AdapterFiles.Weights;

    /// <inheritdoc/>
    public override string Base { get; }

    /// <summary>Adapters of a model's matrices: A uniform in ±1/√in as torch's linear layers, B zero, so that W′ = W.</summary>
    /// <exception cref="InvalidInputException">No matrix has one of the names.</exception>
    public static LowRankAdapters Create(TransformerModel model, LowRankOptions options, int seed)
    {
        var adapters = new LowRankAdapters(model, options, AdapterTable.Of(model.Description.Weights, options));
        foreach (AdaptedMatrix matrix in adapters._matrices)
        {
            ulong key = CounterRandom.Mix(CounterRandom.Key(matrix.A.Parameter) + (ulong)(uint)seed * 0x9E3779B97F4A7C15);
            double bound = 1 / Math.Sqrt(matrix.A.Columns);
            for (int row = 0; row < matrix.A.Rows; row++)
            {
                Span<float> values = RowOf(adapters.Values.Pointer, matrix.A, row);
                for (int column = 0; column < values.Length; column++)
                    values[column] = (float)(bound * CounterRandom.Uniform(CounterRandom.Mix(key + (ulong)(row * (long)values.Length + column))));
            }
        }
        return adapters;
    }

    /// <inheritdoc/>
    public override float* Gradients(TrainingPass pass) => _gradients.Pointer;

    /// <inheritdoc/>
    public override void Collect(TrainingPass pass, Worker worker)
    {
        (int first, int end) = worker.Share(_matrices.Length);
        for (int i = first; i < end; i++)
            Collect(_matrices[i], pass.Gradients);
        worker.Synchronize();
        long floats = pass.GradientFloats, from = floats * worker.Index / worker.Count, until = floats * (worker.Index + 1) / worker.Count;
        for (; from < until; from += ClearedFloats)
            new Span<float>(pass.Gradients + from, (int)Math.Min(ClearedFloats, until - from)).Clear();
    }

    /// <inheritdoc/>
    public override void Publish(Worker worker)
    {
        (int first, int end) = worker.Share(_matrices.Length);
        for (int i = first; i < end; i++)
            Publish(_matrices[i]);
    }

    /// <summary>Writes the adapters into a folder as PEFT does.</summary>
    /// <exception cref="InvalidInputException">They cannot be written.</exception>
    public void Save(string folder)
    {
        try
        {
            CheckpointTensors.WriteWeights(Path.Combine(folder, FileName), this);
            AdapterFiles.WriteConfiguration(folder, _options, _model.Description, _matrices);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(folder, null, $"a place that cannot be written ({error.Message})", "room for the adapters", "Free space there.", error);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Values.Dispose();
        _gradients.Dispose();
        _bases.Dispose();
    }

    private Span<float> BaseRow(AdaptedMatrix matrix, int row) => _bases.AsSpan(matrix.BaseOffset + (long)row * matrix.Weight.Columns, matrix.Weight.Columns);

    private static Span<float> RowOf(float* values, in WeightSlot slot, int row) => new(values + slot.PackedIndex(row, 0), slot.Columns);

    private void Collect(AdaptedMatrix matrix, float* packedGradients)
    {
        float[] gradient = new float[matrix.Weight.Columns], scaled = new float[matrix.Weight.Columns];
        for (int rank = 0; rank < matrix.A.Rows; rank++)
            RowOf(_gradients.Pointer, matrix.A, rank).Clear();
        for (int row = 0; row < matrix.Weight.Rows; row++)
        {
            matrix.Gather(packedGradients, row, gradient);
            TensorPrimitives.Multiply(gradient, _options.Scale, scaled);
            Span<float> ofB = RowOf(_gradients.Pointer, matrix.B, row);
            ReadOnlySpan<float> b = RowOf(Values.Pointer, matrix.B, row);
            for (int rank = 0; rank < matrix.A.Rows; rank++)
            {
                ofB[rank] = TensorPrimitives.Dot<float>(scaled, RowOf(Values.Pointer, matrix.A, rank));
                Span<float> ofA = RowOf(_gradients.Pointer, matrix.A, rank);
                TensorPrimitives.MultiplyAdd(scaled, b[rank], ofA, ofA);
            }
        }
    }

    private void Publish(AdaptedMatrix matrix)
    {
        float[] values = new float[matrix.Weight.Columns];
        for (int row = 0; row < matrix.Weight.Rows; row++)
        {
            BaseRow(matrix, row).CopyTo(values);
            ReadOnlySpan<float> b = RowOf(Values.Pointer, matrix.B, row);
            for (int rank = 0; rank < matrix.A.Rows; rank++)
                TensorPrimitives.MultiplyAdd(RowOf(Values.Pointer, matrix.A, rank), _options.Scale * b[rank], values, values);
            matrix.Scatter(values, row, _model.PackedWeights.Pointer);
        }
    }
}
