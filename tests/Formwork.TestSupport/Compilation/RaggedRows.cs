using Formwork.Runtime.Training;

namespace Formwork.TestSupport.Compilation;

/// <summary>Rows of a training pass without a model.</summary>
public static class RaggedRows
{
    /// <summary>Sequences of these lengths, of tokens that are all 0.</summary>
    public static TrainingRows Of(params ReadOnlySpan<int> lengths)
    {
        int rows = 0;
        foreach (int length in lengths)
            rows += length;
        var result = new TrainingRows(rows, floats: 0, vectorStride: 0);
        result.Set(new int[rows], lengths);
        return result;
    }
}
