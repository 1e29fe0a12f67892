namespace Formwork.Runtime.Models;

/// <summary>Which stacks a transformer has.</summary>
public enum ModelArchitecture
{
    /// <summary>One causal stack that continues a sequence (GPT, Llama).</summary>
    DecoderOnly,

    /// <summary>One stack that sees a whole sequence both ways (BERT).</summary>
    EncoderOnly,

    /// <summary>An encoder that reads a source and a decoder that writes a target from it (Vaswani et al. 2017).</summary>
    EncoderDecoder,
}
