namespace Formwork.Compiler.Planning.Training;

/// <summary>One kernel call of a training pass.</summary>
/// <param name="Path">The spec path computed.</param>
/// <param name="Phase">When.</param>
/// <param name="Kernel">The routine.</param>
/// <param name="Arguments">Its arguments before the worker.</param>
public sealed record TrainingStep(string Path, TrainingPhase Phase, Kernel Kernel, IReadOnlyList<TrainingArgument> Arguments)
{
    /// <summary>The buffers that it reads or writes.</summary>
    public IEnumerable<TrainingBuffer> Buffers => Arguments.Select(argument => argument.Buffer).OfType<TrainingBuffer>().Distinct();
}

/// <summary>An argument of a kernel call: a place in a buffer, or C# text.</summary>
/// <param name="Buffer">The buffer; null for text.</param>
/// <param name="Column">The first column.</param>
/// <param name="Text">The text.</param>
public sealed record TrainingArgument(TrainingBuffer? Buffer, int Column, string Text);

/// <summary>A buffer of a training pass.</summary>
/// <param name="Name">What is in it.</param>
/// <param name="Memory">Which rows it has, and so in which memory it lies.</param>
/// <param name="Place">Its place there.</param>
public sealed record TrainingBuffer(string Name, TrainingMemory Memory, PlannedBuffer Place);

/// <summary>The memories of a training pass.</summary>
public enum TrainingMemory
{
    /// <summary>A row a token of the target (of the only stack, where there is one).</summary>
    Target,

    /// <summary>A row a token of the source.</summary>
    Source,

    /// <summary>A row a token that has a target, some at a time.</summary>
    Head,
}
