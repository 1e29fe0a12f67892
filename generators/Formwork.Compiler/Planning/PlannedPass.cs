namespace Formwork.Compiler.Planning;

/// <summary>One pass of a model: a method of the emitted code that each worker runs.</summary>
/// <param name="Name">The method: <c>Forward</c>, or <c>Encode</c> for the source of an encoder-decoder model.</param>
/// <param name="Sections">The steps, one section a method of the emitted code.</param>
/// <param name="Buffers">Activation buffers; first and last steps count within the pass.</param>
/// <param name="ActivationFloats">Floats of activations a row.</param>
public sealed record PlannedPass(string Name, IReadOnlyList<PlanSection> Sections, IReadOnlyList<PlannedBuffer> Buffers, int ActivationFloats)
{
    /// <summary>All steps in order.</summary>
    public IEnumerable<PlanStep> Steps => Sections.SelectMany(section => section.Steps);
}
