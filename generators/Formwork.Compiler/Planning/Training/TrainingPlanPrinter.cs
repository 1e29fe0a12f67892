using System.Text;
using Formwork.Compiler.CSharp;

namespace Formwork.Compiler.Planning.Training;

/// <summary>A training plan as text: what memory it takes, steps with kernels and arguments, buffers.</summary>
public static class TrainingPlanPrinter
{
    public static string Print(TrainingPlan plan)
    {
        var text = new StringBuilder();
        text.Append($"training {plan.Graph.Forward.Spec.Name}\n");
        foreach ((string what, string bytes) in Memory(plan))
            text.Append($"  {what,-12} {bytes}\n");
        text.Append($"  work         {CSharpLiteral.Grouped(plan.FlopsPerToken)} flops a token\n");
        int index = 0;
        foreach (TrainingStep step in plan.Steps)
        {
            string arguments = string.Join(", ", step.Arguments.Select(argument => argument.Buffer is { } buffer ? $"{buffer.Name}@{buffer.Place.Offset + argument.Column}" : argument.Text));
            text.Append($"  {index++,3} {step.Phase} {step.Kernel.Name}: {arguments}  # {step.Path}\n");
        }
        text.Append("buffers\n");
        foreach (TrainingBuffer buffer in plan.Buffers)
            text.Append($"  {buffer.Memory} {buffer.Name} [rows, {buffer.Place.Width}] at {buffer.Place.Offset}..{buffer.Place.Offset + buffer.Place.Stride}, steps {buffer.Place.FirstStep}..{buffer.Place.LastStep}\n");
        return text.ToString();
    }

    private static IEnumerable<(string What, string Bytes)> Memory(TrainingPlan plan)
    {
        yield return ("weights", Bytes(plan.Inference.WeightFloats));
        yield return ("gradients", Bytes(plan.Inference.WeightFloats));
        yield return ("optimizer", $"{Bytes(2 * plan.Inference.WeightFloats)} with AdamW");
        yield return ("activations", $"{Bytes(plan.RowFloats)} a token, what flows back among them{(plan.SourceRowFloats > 0 ? $", and {Bytes(plan.SourceRowFloats)} a token of the source" : "")}");
        yield return ("head", $"{Bytes((long)plan.HeadRowFloats * plan.HeadRows)} for {plan.HeadRows} rows at a time");
        if (plan.ScratchFloats > 0)
            yield return ("scratch", $"{Bytes(plan.ScratchFloats)} a thread");
    }

    private static string Bytes(long floats) => $"{CSharpLiteral.Grouped(floats * sizeof(float))} bytes";
}
