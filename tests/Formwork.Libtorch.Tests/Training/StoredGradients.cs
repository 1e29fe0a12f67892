using Formwork.Libtorch.Tests.Families;
using Formwork.Runtime.Memory;
using Formwork.Runtime.Models;
using Formwork.Runtime.Training;
using Formwork.Runtime.Weights;

namespace Formwork.Libtorch.Tests.Training;

/// <summary>One training pass of a compiled model: its loss, and its gradients under the names and in the order that its layout gives to weights.</summary>
internal static unsafe class StoredGradients
{
    /// <summary>Runs a batch forward and backward.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="names">The names that the checkpoint has, of which the layout knows several ways to write the beginning.</param>
    /// <returns>The summed loss, and a gradient for every stored tensor that the model reads.</returns>
    public static (double Loss, IReadOnlyDictionary<string, float[]> Gradients) Of(TransformerModel model, LearningBatch batch, IReadOnlySet<string> names)
    {
        using TrainingPass pass = model.NewTrainingPass(batch.Target.Lengths.Sum(), batch.Source?.Lengths.Sum() ?? 0);
        Set(pass.Target, batch.Target);
        if (batch.Source is { } source)
            Set(pass.Source, source);
        pass.SetTargets(batch.Rows, batch.Classes);
        pass.Backward = true;
        model.Run(pass);

        using var packed = new NativeBuffer(pass.GradientFloats);
        new Span<float>(pass.Gradients, (int)pass.GradientFloats).CopyTo(packed.AsSpan(0, (int)packed.Length));
        WeightTable table = model.Description.Weights;
        using var stored = new PackedCheckpoint(table, packed);
        int prefix = table.Prefixes.Count == 0 ? 0 : table.Prefixes[0].Length;
        var gradients = stored.Tensors.Keys.ToDictionary(
            name => table.Prefixes.Append("").Select(other => other + name[prefix..]).First(names.Contains), stored.Read);
        return (new ReadOnlySpan<float>(pass.Losses, pass.Outputs).ToArray().Sum(loss => (double)loss), gradients);
    }

    private static void Set(TrainingRows rows, EncoderInputs inputs)
    {
        if (inputs.Width == 0)
        {
            rows.Set([.. inputs.Tokens.SelectMany(ids => ids)], inputs.Lengths, [.. inputs.Types.SelectMany(types => types)]);
            return;
        }
        rows.Set(new int[inputs.Lengths.Sum()], inputs.Lengths);
        int stride = (inputs.Width + 15) / 16 * 16, row = 0;
        foreach (float[] vector in inputs.Rows.SelectMany(values => values.Chunk(inputs.Width)))
            vector.CopyTo(new Span<float>(rows.Vectors + stride * row++, inputs.Width));
    }
}
