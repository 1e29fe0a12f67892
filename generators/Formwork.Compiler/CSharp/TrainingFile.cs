using Formwork.Compiler.Planning.Training;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.CSharp;

/// <summary>The training pass: forward, the head with the loss, backward, a method for each part of each layer.</summary>
internal static class TrainingFile
{
    private sealed record Section(string Method, string Path, TrainingPhase Phase, IReadOnlyList<TrainingStep> Steps);

    public static string Emit(TrainingPlan plan)
    {
        CodeWriter writer = GeneratedHeader.Begin(
            plan.Graph.Forward.Spec, "the training pass", nullable: true, "Formwork.Runtime.Models", "Formwork.Runtime.Threading", "Formwork.Runtime.Training");
        Section[] sections = Sections(plan).ToArray();
        using (writer.Block($"public sealed unsafe partial class {plan.Graph.Forward.Spec.Name}"))
        {
            EmitDescription(writer, plan);
            EmitPass(writer, sections);
            foreach (Section section in sections)
                EmitSection(writer, section);
        }
        return writer.ToString();
    }

    private static void EmitDescription(CodeWriter writer, TrainingPlan plan)
    {
        writer.Lines(
            $$"""
            /// <inheritdoc/>
            public override TrainingDescription? Training => TrainingNumbers;

            private static TrainingDescription TrainingNumbers { get; } = new()
            {
                RowFloats = {{plan.RowFloats}},
                SourceRowFloats = {{plan.SourceRowFloats}},
                HeadRowFloats = {{plan.HeadRowFloats}},
                HeadRows = {{plan.HeadRows}},
                ScratchFloats = {{plan.ScratchFloats}},
                SharedFloats = {{plan.SharedFloats}},
                FlopsPerToken = {{plan.FlopsPerToken}},
                ClassifiesSequences = {{CSharpLiteral.Boolean(plan.Graph.Logits.Shape.Dimensions[0] == Graph.Dimension.Sequences)}},
                Classes = {{plan.Graph.Logits.Shape.Width}},
            };

            """);
    }

    /// <summary>Steps that stand together and belong to one part are one method.</summary>
    private static IEnumerable<Section> Sections(TrainingPlan plan)
    {
        var names = new HashSet<string>();
        var steps = new List<TrainingStep>();
        for (int index = 0; index < plan.Steps.Count; index++)
        {
            TrainingStep step = plan.Steps[index];
            steps.Add(step);
            bool ends = index + 1 == plan.Steps.Count || Phase(plan.Steps[index + 1]) != Phase(step) || Part(plan.Steps[index + 1]) != Part(step) || IsAgain(plan.Steps[index + 1]) != IsAgain(step);
            if (!ends)
                continue;
            string phase = IsAgain(step) ? "Recompute" : $"{Phase(step)}";
            string name = Phase(step) == TrainingPhase.Head ? "Head" : $"{phase}{Names.CSharp(Part(step))}", method = name;
            for (int copy = 2; !names.Add(method); copy++)
                method = $"{name}_{copy}";
            yield return new Section(method, Part(step), Phase(step), steps.ToArray());
            steps.Clear();
        }
    }

    private static bool IsAgain(TrainingStep step) => step.Path.EndsWith(".again", StringComparison.Ordinal);

    private static TrainingPhase Phase(TrainingStep step) => step.Phase == TrainingPhase.HeadBackward ? TrainingPhase.Head : step.Phase;

    /// <summary>The layer's part that a step is of: <c>layers.3.attention</c>.</summary>
    private static string Part(TrainingStep step)
    {
        if (Phase(step) == TrainingPhase.Head)
            return "head";
        string path = step.Path.Split(',')[0];
        string[] parts = path.Split('.');
        int first = parts[0] is "encoder" or "decoder" ? 1 : 0;
        int count = parts.Length > first && parts[first] == "layers" ? first + 3 : first + 1;
        return string.Join(".", parts.Take(Math.Min(count, parts.Length)));
    }

    private static void EmitPass(CodeWriter writer, IReadOnlyList<Section> sections)
    {
        writer.Lines("/// <inheritdoc/>");
        using IDisposable method = writer.Block("protected override void Train(TrainingPass pass, Worker worker)");
        bool backward = false;
        foreach (Section section in sections)
        {
            if (section.Phase == TrainingPhase.Backward && !backward)
            {
                backward = true;
                writer.Lines("if (!pass.Backward)\n    return;");
            }
            writer.Lines(section.Phase == TrainingPhase.Head ? $"pass.ForHeadRows(worker, {section.Method});" : $"{section.Method}(pass, worker);");
        }
    }

    private static void EmitSection(CodeWriter writer, Section section)
    {
        string what = section.Phase switch
        {
            TrainingPhase.Forward => $"{section.Path}, forward.",
            TrainingPhase.Backward when IsAgain(section.Steps[0]) => $"{section.Path} again, for what flows back through it.",
            TrainingPhase.Backward => $"What flows back through {section.Path}.",
            _ => "From states to the loss, and back to the states, of some rows.",
        };
        writer.Line();
        writer.Lines($"/// <summary>{what}</summary>");
        using IDisposable method = writer.Block($"private void {section.Method}(TrainingPass pass, Worker worker)");
        Dictionary<TrainingBuffer, string> locals = Locals(section);
        foreach (KeyValuePair<TrainingBuffer, string> local in locals)
        {
            (TrainingBuffer buffer, string name) = (local.Key, local.Value);
            string memory = buffer.Memory switch { TrainingMemory.Source => "pass.Source.Buffer", TrainingMemory.Head => "pass.HeadBuffer", _ => "pass.Target.Buffer" };
            writer.Lines($"float* {name} = {memory}({buffer.Place.Offset}); // [rows, {buffer.Place.Width}]");
        }
        bool backward = false;
        foreach (TrainingStep step in section.Steps)
        {
            if (step.Phase == TrainingPhase.HeadBackward && !backward)
            {
                backward = true;
                writer.Lines("if (!pass.Backward)\n    return;");
            }
            string arguments = string.Join(", ", step.Arguments.Select(argument => argument.Buffer is { } buffer
                ? locals[buffer] + (argument.Column == 0 ? "" : $" + {argument.Column}")
                : argument.Text));
            writer.Line();
            writer.Lines($"// {step.Path}: {step.Kernel.Formula}");
            writer.Lines($"{step.Kernel.Name}.Run({arguments}, worker);");
            writer.Lines("worker.Synchronize();");
        }
    }

    private static Dictionary<TrainingBuffer, string> Locals(Section section)
    {
        var names = new HashSet<string>();
        var locals = new Dictionary<TrainingBuffer, string>();
        foreach (TrainingBuffer buffer in section.Steps.SelectMany(step => step.Buffers).Distinct())
        {
            string name = buffer.Name;
            for (int copy = 2; !names.Add(name); copy++)
                name = $"{buffer.Name}{copy}";
            locals.Add(buffer, name);
        }
        return locals;
    }
}
