namespace Formwork.Runtime.Weights;

/// <summary>What a model's weights are before it has learned anything. Biases are zero and gains are one, unless said otherwise.</summary>
public enum Initialization
{
    /// <summary>
    /// GPT-2's (Radford et al. 2019, section 2.3): matrices normal of deviation 0.02; those whose outputs are added to the residual stream
    /// divided by √n, n being how many such sums the stack has.
    /// </summary>
    Gpt2,

    /// <summary>
    /// Glorot and Bengio 2010: matrices uniform in ±√(6/(in + out)), query, key and value divided by √2 as fairseq does, and embeddings normal
    /// of deviation width^−½ (Vaswani et al. 2017, as fairseq trains it).
    /// </summary>
    Xavier,

    /// <summary>
    /// torch's <c>nn.Linear</c>: matrices and their biases uniform in ±1/√in; embeddings normal of deviation 0.02 (torch's own 1 is too much
    /// for tied logits).
    /// </summary>
    Torch,
}
