namespace Formwork.Runtime.Models;

/// <summary>Cuts the tokens of one or more sequences into passes of bounded size; a pass can end one sequence and begin the next.</summary>
internal sealed unsafe class PassBuilder(int maxRows)
{
    private readonly List<(DecoderSession Session, int Tokens)> _work = [];
    private readonly DecoderSession[] _sessions = new DecoderSession[maxRows];
    private readonly int[] _outputs = new int[maxRows];
    private int _next;
    private int _taken;

    public SequenceRows[] Sequences { get; } = new SequenceRows[maxRows];

    public int[] Positions { get; } = new int[maxRows];

    public int[] OutputRows { get; } = new int[maxRows];

    public int SequenceCount { get; private set; }

    public int Rows { get; private set; }

    public int Outputs { get; private set; }

    public void Clear()
    {
        _work.Clear();
        _next = 0;
        _taken = 0;
    }

    public void Add(DecoderSession session, int tokens)
    {
        session.Cache.Reserve(session.Position + tokens, session.Position);
        _work.Add((session, tokens));
    }

    /// <summary>Forms the next pass; false when all tokens are taken. Logits are wanted after a sequence's last token, or after every token.</summary>
    public bool Next(bool allRows)
    {
        SequenceCount = Rows = Outputs = 0;
        while (_next < _work.Count && Rows < maxRows)
        {
            (DecoderSession session, int tokens) = _work[_next];
            int rows = Math.Min(maxRows - Rows, tokens - _taken);
            bool ends = _taken + rows == tokens;
            AddRows(session, rows, allRows ? rows : ends ? 1 : 0);
            _taken = ends ? 0 : _taken + rows;
            if (ends)
                _next++;
        }
        return Rows > 0;
    }

    /// <summary>Gives the sessions of the pass their new positions and logits.</summary>
    public void Accept(GenerativeModel model)
    {
        for (int index = 0; index < SequenceCount; index++)
        {
            _sessions[index].Accept(Sequences[index].Rows);
            if (_outputs[index] >= 0)
                _sessions[index].Accept(model.Logits(_outputs[index]));
        }
    }

    private void AddRows(DecoderSession session, int rows, int outputs)
    {
        _sessions[SequenceCount] = session;
        Sequences[SequenceCount] = new SequenceRows
        {
            FirstRow = Rows,
            Rows = rows,
            FirstPosition = session.Position,
            Cache = session.Cache.Pointer,
            Capacity = session.Cache.Capacity,
            Memory = session.Memory is { } memory ? memory.Cache.Pointer : null,
            MemoryCapacity = session.Memory?.Cache.Capacity ?? 0,
            MemoryRows = session.Memory?.Rows ?? 0,
        };
        for (int row = 0; row < rows; row++)
            Positions[Rows + row] = session.Position + row;
        for (int row = rows - outputs; row < rows; row++)
            OutputRows[Outputs++] = Rows + row;
        _outputs[SequenceCount++] = outputs == 0 ? -1 : Outputs - 1;
        Rows += rows;
    }
}
