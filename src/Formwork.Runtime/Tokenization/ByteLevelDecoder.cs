namespace Formwork.Runtime.Tokenization;

/// <summary>Forms in GPT-2's byte alphabet.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    public override bool Append(string form, bool atStart, Utf8Buffer bytes)
    {
        bytes.Add(ByteLevelAlphabet.Bytes(form));
        return false;
    }
}
