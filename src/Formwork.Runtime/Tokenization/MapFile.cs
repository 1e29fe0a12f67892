using System.Text.Json;

namespace Formwork.Runtime.Tokenization;

/// <summary>A JSON map of words or characters to ids: the whole file, or its member <c>token2id</c> with other members ignored.</summary>
internal static class MapFile
{
    public static Vocabulary Read(string path)
    {
        using JsonFile file = JsonFile.Open(path);
        JsonValue root = file.Root;
        return Vocabulary.Read(root.Find("token2id") is { Kind: JsonValueKind.Object } inner ? inner : root);
    }

    /// <summary>The begin and end tokens of the spec, which stand for no text.</summary>
    public static AddedTokens SpecialTokens(Vocabulary vocabulary, TokenizerDescription description)
    {
        IEnumerable<int> ids = description.BeginToken is { } begin ? description.EndTokens.Prepend(begin) : description.EndTokens;
        return new AddedTokens(ids.Distinct().Where(id => vocabulary.Form(id) is not null)
            .Select(id => new AddedToken(vocabulary.Form(id)!, id, Special: true)));
    }
}
