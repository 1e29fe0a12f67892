namespace Formwork.Runtime.Weights;

/// <summary>Which random weights are wanted.</summary>
public enum RandomKind
{
    /// <summary>As models start their training: matrices of deviation 0.02, gains one, biases zero.</summary>
    Initial,

    /// <summary>
    /// Nothing trivial, so that a test sees every parameter at work: matrices of deviation 1/√columns, gains around one, biases around zero.
    /// </summary>
    Everything,
}
