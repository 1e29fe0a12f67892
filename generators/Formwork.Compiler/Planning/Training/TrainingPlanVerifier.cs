namespace Formwork.Compiler.Planning.Training;

/// <summary>What makes a training plan legal, as rules. A broken rule is a fault of the compiler; the text says step, expected, found.</summary>
public static class TrainingPlanVerifier
{
    /// <summary>The broken rules, one line each; empty for a legal plan.</summary>
    public static IReadOnlyList<string> Verify(TrainingPlan plan) => [.. OverlapFaults(plan), .. LifeFaults(plan), .. ArgumentFaults(plan), .. KernelFaults(plan)];

    private static IEnumerable<string> OverlapFaults(TrainingPlan plan)
    {
        TrainingBuffer[] buffers = plan.Buffers.ToArray();
        for (int i = 0; i < buffers.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                PlannedBuffer a = buffers[i].Place, b = buffers[j].Place;
                bool together = a.FirstStep <= b.LastStep && b.FirstStep <= a.LastStep && buffers[i].Memory == buffers[j].Memory;
                if (together && a.Offset < b.Offset + b.Stride && b.Offset < a.Offset + a.Stride)
                    yield return $"buffer {a.Name} at {a.Offset}: expected a place of its own in steps {a.FirstStep}..{a.LastStep}, found {b.Name} there";
            }
        }
    }

    private static IEnumerable<string> LifeFaults(TrainingPlan plan)
    {
        for (int index = 0; index < plan.Steps.Count; index++)
        {
            foreach (TrainingBuffer buffer in plan.Steps[index].Buffers)
            {
                if (index < buffer.Place.FirstStep || index > buffer.Place.LastStep)
                    yield return $"step {index} {plan.Steps[index].Path}: expected {buffer.Name} alive, found it alive in {buffer.Place.FirstStep}..{buffer.Place.LastStep}";
            }
        }
        for (int index = 1; index < plan.Steps.Count; index++)
        {
            if (plan.Steps[index].Phase < plan.Steps[index - 1].Phase)
                yield return $"step {index} {plan.Steps[index].Path}: expected the phases in order, found {plan.Steps[index].Phase} after {plan.Steps[index - 1].Phase}";
        }
    }

    private static IEnumerable<string> ArgumentFaults(TrainingPlan plan) => plan.Steps
        .SelectMany(step => step.Arguments.Where(argument => argument.Buffer is { } buffer && argument.Column >= Math.Max(buffer.Place.Stride, 1))
            .Select(argument => $"step {step.Path}: expected a column of {argument.Buffer!.Name}'s {argument.Buffer.Place.Stride}, found {argument.Column}"));

    private static IEnumerable<string> KernelFaults(TrainingPlan plan)
    {
        var names = new Dictionary<string, Kernel>();
        foreach (Kernel kernel in plan.Inference.Kernels.Concat(plan.Kernels))
        {
            if (names.TryGetValue(kernel.Name, out Kernel? other) && other != kernel)
                yield return $"expected one kernel named {kernel.Name}, found two";
            names[kernel.Name] = kernel;
        }
    }
}
