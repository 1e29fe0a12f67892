namespace Formwork.Runtime.Weights;

/// <summary>All parameters of a compiled model: where a checkpoint has them and where the kernels want them. Generated code holds one.</summary>
/// <param name="Model">The model's name, for messages.</param>
/// <param name="Layout">The name of the weight layout that gave the tensors' names, for messages.</param>
/// <param name="Prefixes">What a checkpoint may put before every name, tried in this order for each tensor; empty means none.</param>
/// <param name="Slots">The parameters.</param>
/// <param name="Ignored">Names, with <c>*</c> for any run of characters, of tensors that a checkpoint may have and that no parameter needs.</param>
/// <param name="Length">Floats of the packed block.</param>
public sealed record WeightTable(
    string Model,
    string Layout,
    IReadOnlyList<string> Prefixes,
    IReadOnlyList<WeightSlot> Slots,
    IReadOnlyList<string> Ignored,
    long Length);
