using Formwork.Compiler.Graph;

namespace Formwork.Compiler.Planning;

/// <summary>One parameter in a block of packed weights; the runtime's weight slot, in the compiler's words.</summary>
public sealed record PlannedSlot(Node Parameter, string Tensor, int Rows, int Columns, bool Panels)
{
    /// <summary>Whether the stored matrix is (in, out).</summary>
    public bool Transposed { get; init; }

    /// <summary>First row in the stored, fused tensor.</summary>
    public int TensorRow { get; init; }

    /// <summary>Rows of the stored, fused tensor; 0 when not fused.</summary>
    public int TensorRows { get; init; }

    /// <summary>First row in the packed matrix.</summary>
    public int PackedRow { get; init; }

    /// <summary>Every how many panels this parameter has one; 0 for every.</summary>
    public int PanelStep { get; init; }

    /// <summary>Which of the alternating panels is its first.</summary>
    public int PanelPhase { get; init; }

    /// <summary>Head width of rows to permute between rotary pairings; 0 for none.</summary>
    public int PermutedHeadWidth { get; init; }

    /// <summary>Rotated rows of each head.</summary>
    public int PermutedRotaryWidth { get; init; }

    /// <summary>Whether the permutation is from half to interleaved.</summary>
    public bool PermutedToInterleaved { get; init; }

    /// <summary>The first rotated row of each head.</summary>
    public int PermutedStart { get; init; }

    /// <summary>Whether the rows of a fused tensor's parts take turns.</summary>
    public bool Alternating { get; init; }

    /// <summary>Into how many heads a fused tensor is divided that has the parts of one head together; 0 for none.</summary>
    public int ByHead { get; init; }

    /// <summary>How many matrices of these rows there are, one an expert; 0 for a plain parameter.</summary>
    public int Experts { get; init; }

    /// <summary>Floats from one expert's packed matrix to the next.</summary>
    public long ExpertStride { get; init; }

    /// <summary>Whether it is a norm's gain that is stored less one.</summary>
    public bool UnitOffset { get; init; }
}
