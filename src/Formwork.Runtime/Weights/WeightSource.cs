namespace Formwork.Runtime.Weights;

/// <summary>One matrix to be packed, and where its values are.</summary>
/// <param name="Slot">The matrix; a single expert's where there are experts.</param>
/// <param name="Tensor">The stored tensor.</param>
/// <param name="FirstElement">Elements before the matrix's own in a tensor that stacks several experts'.</param>
internal readonly record struct WeightSource(WeightSlot Slot, TensorInfo Tensor, long FirstElement);
