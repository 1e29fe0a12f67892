namespace Formwork.Training.Tokenization;

/// <summary>What a special token is for, as Hugging Face's special_tokens_map.json names it.</summary>
public enum SpecialTokenRole
{
    /// <summary>Nothing that the files have a name for.</summary>
    None,

    /// <summary><c>bos_token</c>.</summary>
    Begin,

    /// <summary><c>eos_token</c>.</summary>
    End,

    /// <summary><c>pad_token</c>.</summary>
    Pad,

    /// <summary><c>unk_token</c>.</summary>
    Unknown,

    /// <summary><c>mask_token</c>.</summary>
    Mask,

    /// <summary><c>cls_token</c>.</summary>
    Cls,

    /// <summary><c>sep_token</c>.</summary>
    Sep,
}
