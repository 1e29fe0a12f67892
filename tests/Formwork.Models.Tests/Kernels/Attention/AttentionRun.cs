using Formwork.Compiler.Planning;
using Formwork.Runtime.Kernels;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Training;
using Formwork.TestSupport.Compilation;

namespace Formwork.Models.Tests.Kernels.Attention;

/// <summary>The kernels' results for a case. Whatever nobody should read was NaN before, and whatever nobody should write keeps <see cref="Untouched"/>.</summary>
public sealed unsafe class AttentionRun : IDisposable
{
    /// <summary>What gradients hold before.</summary>
    public const float Untouched = 77;

    private readonly AttentionCase _case;
    private readonly List<NativeBuffer> _buffers = [];

    /// <summary>Runs forward and backward.</summary>
    public AttentionRun(CompiledKernels kernels, AttentionCase attention, AttentionMeaning meaning, int workers, bool dropping)
    {
        _case = attention;
        int targets = attention.Targets.Sum(), sources = attention.Sources.Sum();
        NativeBuffer query = Buffer(targets * attention.QueryStride, float.NaN), source = attention.Fused ? query : Buffer(sources * attention.KeyStride, float.NaN);
        QueryGradient = Buffer((int)query.Length, Untouched);
        SourceGradient = attention.Fused ? QueryGradient : Buffer((int)source.Length, Untouched);
        Put(meaning.Query, attention.QueryNumbers, query.Pointer, attention.QueryStride);
        Put(meaning.Key, attention.KeyNumbers, source.Pointer + KeyStart, attention.KeyStride);
        Put(meaning.Value, attention.ValueNumbers, source.Pointer + ValueStart, attention.KeyStride);
        Output = Buffer(targets * attention.Shape.OutputStride, float.NaN);
        NativeBuffer outputGradient = Buffer((int)Output.Length, 0);
        Put(meaning.OutputGradient, attention.Heads * attention.ValueWidth, outputGradient.Pointer, attention.Shape.OutputStride);
        LogSums = Buffer(targets * attention.Shape.LogSumStride, float.NaN);
        SinkGradient = Buffer(attention.Heads, 1);
        TableGradient = Buffer(Math.Max(attention.Distance?.Buckets ?? 0, 1) * attention.Shape.LogSumStride, 1);

        List<object> inputs = [At(query.Pointer), At(source.Pointer + KeyStart), At(source.Pointer + ValueStart)];
        if (attention.Sinks)
        {
            NativeBuffer sinks = Buffer(attention.Heads, 0);
            Put(meaning.Sinks, attention.Heads, sinks.Pointer, 0);
            inputs.Add(At(sinks.Pointer));
        }
        if (attention.Distance is not null)
            inputs.Add(At(Distances(meaning)));
        inputs.AddRange([At(Output.Pointer), At(LogSums.Pointer)]);
        List<object> gradients = [At(outputGradient.Pointer), At(QueryGradient.Pointer), At(SourceGradient.Pointer + KeyStart), At(SourceGradient.Pointer + ValueStart)];
        if (attention.Sinks)
            gradients.Add(At(SinkGradient.Pointer));
        if (attention.Distance is { Buckets: > 0 })
            gradients.Add(At(TableGradient.Pointer));

        using TrainingRows targetRows = RaggedRows.Of(attention.Targets), sourceRows = RaggedRows.Of(attention.Sources);
        object[] rows = [targetRows, sourceRows], dropout = attention.DropoutRate > 0 ? [AttentionMeaning.DropoutKey, dropping] : [];
        long floats = Math.Max(attention.Forward.ScratchFloats, attention.Backward.ScratchFloats);
        NativeBuffer scratch = Buffer((int)floats * workers, float.NaN);
        CompiledKernels.OnWorkers(workers, worker =>
        {
            nint own = At(scratch.Pointer + worker.Index * floats);
            kernels.Call(attention.Forward, [.. inputs, .. rows, .. dropout, own, worker]);
            worker.Synchronize();
            kernels.Call(attention.Backward, [.. inputs, .. gradients, .. rows, .. dropout, (nint)0, own, worker]);
        });
    }

    /// <summary><c>[rows, heads · value width]</c>, padded.</summary>
    public NativeBuffer Output { get; }

    /// <summary><c>[rows, heads]</c>, padded.</summary>
    public NativeBuffer LogSums { get; }

    /// <summary>Gradient of the queries; of keys and values too, where they share a buffer.</summary>
    public NativeBuffer QueryGradient { get; }

    /// <summary>Gradient of keys and values.</summary>
    public NativeBuffer SourceGradient { get; }

    /// <summary>One more than the sinks' gradient.</summary>
    public NativeBuffer SinkGradient { get; }

    /// <summary>One more than the table's gradient.</summary>
    public NativeBuffer TableGradient { get; }

    /// <summary>Where keys begin in their buffer.</summary>
    public int KeyStart => _case.Fused ? _case.QueryNumbers : 0;

    /// <summary>Where values begin.</summary>
    public int ValueStart => KeyStart + _case.KeyNumbers;

    /// <summary>All results, for comparing.</summary>
    public IEnumerable<NativeBuffer> Results => [Output, LogSums, QueryGradient, SourceGradient, SinkGradient, TableGradient];

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _buffers)
            buffer.Dispose();
    }

    private static nint At(float* pointer) => (nint)pointer;

    private static void Put(double[] numbers, int width, float* target, int stride)
    {
        for (int i = 0; i < numbers.Length; i++)
            target[(long)(i / width) * stride + i % width] = (float)numbers[i];
    }

    private float* Distances(AttentionMeaning meaning)
    {
        int context = _case.Context, stride = Kernel.Padded(_case.Heads);
        float* table = Buffer(_case.Heads * (2 * context + 64), 0).Pointer;
        bool bidirectional = _case.Mask != Formwork.Compiler.Ops.AttentionMask.Causal;
        if (_case.Distance is { Buckets: > 0 } learned)
        {
            NativeBuffer weights = Buffer(learned.Buckets * stride, 0);
            Put(meaning.Table, _case.Heads, weights.Pointer, stride);
            PositionTables.FillDistanceBias(table, context, _case.Heads, weights.Pointer, stride, learned.Buckets, learned.MaxDistance, bidirectional);
        }
        else
        {
            PositionTables.FillDistanceBias(table, context, _case.Heads, bidirectional);
        }
        return table;
    }

    private NativeBuffer Buffer(int floats, float filling)
    {
        var buffer = new NativeBuffer(floats);
        buffer.AsSpan(0, floats).Fill(filling);
        _buffers.Add(buffer);
        return buffer;
    }
}
