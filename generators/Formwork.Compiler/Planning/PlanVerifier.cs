namespace Formwork.Compiler.Planning;

/// <summary>What makes a plan legal, as rules. A broken rule is a fault of the compiler; the text says step, expected, found.</summary>
public static class PlanVerifier
{
    /// <summary>The broken rules, one line each; empty for a legal plan.</summary>
    public static IReadOnlyList<string> Verify(ModelPlan plan) =>
        [.. plan.Passes.SelectMany(BufferFaults), .. BlockFaults("weight", plan.Weights.Select(weight => (weight.Path, weight.Offset, weight.Length)), plan.WeightFloats),
         .. BlockFaults("table", plan.Tables.Select(table => (table.Path, table.Offset, table.Length)), plan.TableFloats), .. plan.Passes.SelectMany(StepFaults), .. KernelFaults(plan), .. ParameterFaults(plan)];

    private static IEnumerable<string> BufferFaults(PlannedPass plan)
    {
        PlannedBuffer[] buffers = plan.Buffers.ToArray();
        for (int i = 0; i < buffers.Length; i++)
        {
            PlannedBuffer a = buffers[i];
            if (a.Offset < 0 || a.Offset % Kernel.Lanes != 0 || a.Offset + a.Stride > plan.ActivationFloats)
                yield return $"buffer {a.Name}: expected an aligned place within {plan.ActivationFloats}, found {a.Offset}..{a.Offset + a.Stride}";
            for (int j = 0; j < i; j++)
            {
                PlannedBuffer b = buffers[j];
                bool live = a.FirstStep <= b.LastStep && b.FirstStep <= a.LastStep;
                bool overlap = a.Offset < b.Offset + b.Stride && b.Offset < a.Offset + a.Stride;
                if (live && overlap)
                    yield return $"buffer {a.Name} at {a.Offset}: expected a place of its own in steps {a.FirstStep}..{a.LastStep}, found {b.Name} at {b.Offset} there";
            }
        }
    }

    private static IEnumerable<string> BlockFaults(string kind, IEnumerable<(string Path, long Offset, long Length)> blocks, long length)
    {
        long end = 0;
        foreach ((string path, long offset, long size) in blocks)
        {
            if (offset < end || offset % Kernel.Lanes != 0 || size < 1 || offset + size > length)
                yield return $"{kind} {path}: expected an aligned place from {end} within {length}, found {offset}..{offset + size}";
            end = offset + size;
        }
    }

    private static IEnumerable<string> StepFaults(PlannedPass pass)
    {
        int index = 0;
        foreach (PlanStep step in pass.Steps)
        {
            foreach (PlannedBuffer buffer in step.Buffers)
            {
                if (index < buffer.FirstStep || index > buffer.LastStep)
                    yield return $"step {index} {step.Path}: expected {buffer.Name} alive, found it alive in {buffer.FirstStep}..{buffer.LastStep}";
            }
            index++;
        }
        foreach (PlanSection section in pass.Sections)
        {
            foreach (IGrouping<string, PlannedBuffer> name in section.Steps.SelectMany(step => step.Buffers).Distinct().GroupBy(buffer => buffer.Name).Where(name => name.Count() > 1))
                yield return $"section {section.Path}: expected one buffer named {name.Key}, found {name.Count()}";
        }
    }

    private static IEnumerable<string> KernelFaults(ModelPlan plan)
    {
        var names = new Dictionary<string, Kernel>();
        foreach (PlanStep step in plan.Steps)
        {
            if (names.TryGetValue(step.Kernel.Name, out Kernel? other) && other != step.Kernel)
                yield return $"step {step.Path}: expected one kernel named {step.Kernel.Name}, found two";
            names[step.Kernel.Name] = step.Kernel;
        }
    }

    private static IEnumerable<string> ParameterFaults(ModelPlan plan)
    {
        var planned = new HashSet<string>(plan.Weights.SelectMany(weight => weight.Slots).Select(slot => slot.Parameter.Name));
        return plan.Graph.Parameters.Where(parameter => !planned.Contains(parameter.Name))
            .Select(parameter => $"parameter {parameter.Name}: expected a place among the weights, found none");
    }
}
