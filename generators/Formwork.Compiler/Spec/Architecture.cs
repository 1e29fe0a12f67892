namespace Formwork.Compiler.Spec;

/// <summary>Which stacks a transformer has (Vaswani et al. 2017, section 3.1, and the two halves of it in use since).</summary>
public enum Architecture
{
    /// <summary>One causal stack that continues a text (GPT, Llama).</summary>
    DecoderOnly,

    /// <summary>One bidirectional stack that represents a text (BERT).</summary>
    EncoderOnly,

    /// <summary>A bidirectional stack over the source and a causal one over the target (the original transformer, T5).</summary>
    EncoderDecoder,
}
