using Formwork.Runtime.Memory;

namespace Formwork.Runtime.Models;

/// <summary>
/// Packs whole sequences into a pass, one after the other with no padding between their rows, and has the memory for the keys and values
/// that each needs while the pass runs.
/// </summary>
internal sealed unsafe class EncoderPass : IDisposable
{
    // Keys and values are padded to 64 positions a sequence. Many short sequences would take much memory, so they go through in several passes.
    private const int MostPadding = 4;

    private readonly ModelDescription _description;
    private readonly int _maxRows;
    private readonly int _maxPositions;
    private readonly int _vectorStride;
    private readonly int[] _tokens;
    private readonly int[] _tokenTypes;
    private readonly int[] _positions;
    private readonly int[] _outputRows;
    private readonly float[] _vectors;
    private readonly SequenceRows[] _sequences;
    private NativeBuffer _scratch = new(0);

    public EncoderPass(ModelDescription description, int maxRows)
    {
        _description = description;
        _maxRows = maxRows;
        _maxPositions = MostPadding * KeyValueCache.Padded(maxRows);
        _tokens = new int[maxRows];
        _tokenTypes = new int[maxRows];
        _positions = new int[maxRows];
        _outputRows = new int[maxRows];
        _vectorStride = (description.Width + 15) / 16 * 16;
        _vectors = new float[description.VectorInput ? maxRows * _vectorStride : 0];
        _sequences = new SequenceRows[maxRows];
    }

    /// <summary>Sequences of the pass.</summary>
    public int SequenceCount { get; private set; }

    /// <summary>Rows of the pass.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that something is wanted of.</summary>
    public int Outputs { get; private set; }

    /// <summary>Takes as many sequences as fit, from <paramref name="first"/> on; at least one.</summary>
    public void Fill(IReadOnlyList<EncoderWork> work, int first)
    {
        SequenceCount = Rows = Outputs = 0;
        int positions = 0;
        for (int index = first; index < work.Count; index++)
        {
            int padded = KeyValueCache.Padded(work[index].Rows);
            if (SequenceCount > 0 && (Rows + work[index].Rows > _maxRows || positions + padded > _maxPositions))
                break;
            Add(work[index], padded);
            positions += padded;
        }
        PlaceScratch(positions);
    }

    /// <summary>Runs <paramref name="run"/> while the batch points at the pass's numbers.</summary>
    public void Run(Batch batch, PassOutput wanted, Action run)
    {
        fixed (int* tokens = _tokens, types = _tokenTypes, positions = _positions, outputRows = _outputRows)
        fixed (float* vectors = _vectors)
        fixed (SequenceRows* sequences = _sequences)
        {
            batch.Rows = Rows;
            batch.Tokens = _description.VectorInput ? null : tokens;
            batch.TokenTypes = _description.TokenTypes > 0 ? types : null;
            batch.Vectors = _description.VectorInput ? vectors : null;
            batch.Positions = positions;
            batch.SequenceCount = SequenceCount;
            batch.Sequences = sequences;
            batch.Outputs = Outputs;
            batch.OutputRows = outputRows;
            batch.Wanted = wanted;
            batch.AttentionWeights = null;
            run();
        }
    }

    /// <summary>Frees the scratch memory.</summary>
    public void Dispose() => _scratch.Dispose();

    private void Add(EncoderWork work, int padded)
    {
        for (int row = 0; row < work.Rows; row++)
        {
            _positions[Rows + row] = row;
            if (work.Vectors is null)
                _tokens[Rows + row] = work.Tokens[row];
            else
                work.Vectors.AsSpan(row * _description.Width, _description.Width).CopyTo(_vectors.AsSpan((Rows + row) * _vectorStride));
            _tokenTypes[Rows + row] = work.TokenTypes?[row] ?? 0;
        }
        for (int output = 0; output < (work.OutputRows?.Length ?? work.Rows); output++)
            _outputRows[Outputs++] = Rows + (work.OutputRows?[output] ?? output);
        _sequences[SequenceCount++] = new SequenceRows
        {
            FirstRow = Rows,
            Rows = work.Rows,
            Capacity = padded,
            Memory = work.Memory is null ? null : work.Memory.Pointer,
            MemoryCapacity = work.Memory?.Capacity ?? 0,
            MemoryRows = work.Memory is null ? 0 : work.Rows,
        };
        Rows += work.Rows;
    }

    private void PlaceScratch(int positions)
    {
        long floats = (long)positions * _description.ScratchPositionFloats;
        if (_scratch.Length < floats)
        {
            _scratch.Dispose();
            _scratch = new NativeBuffer(floats);
        }
        float* cache = _scratch.Pointer;
        for (int index = 0; index < SequenceCount; index++)
        {
            _sequences[index].Cache = cache;
            cache += (long)_sequences[index].Capacity * _description.ScratchPositionFloats;
        }
    }
}
