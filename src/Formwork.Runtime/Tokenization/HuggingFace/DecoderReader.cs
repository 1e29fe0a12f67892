namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>decoder</c> of tokenizer.json.</summary>
internal static class DecoderReader
{
    public static TokenDecoder Read(JsonValue? part)
    {
        if (part is not { } value)
            return new TokenDecoder.Spaced();
        return value.Type() switch
        {
            "ByteLevel" => new TokenDecoder.ByteLevel(),
            "WordPiece" => new TokenDecoder.WordPiece(value.Text("prefix", "##"), value.Truth("cleanup", true)),
            "Metaspace" => new TokenDecoder.Metaspace(value.Character("replacement", '\u2581').ToString(), SplitterReader.PrependScheme(value) != false),
            "BPEDecoder" => new TokenDecoder.EndOfWord(value.Text("suffix", "</w>")),
            "Sequence" => Steps([.. value.Get("decoders").Items()]),
            _ => Steps([value]),
        };
    }

    private static TokenDecoder Steps(JsonValue[] parts)
    {
        if (parts.Length == 1 && parts[0].Type() is "ByteLevel" or "WordPiece" or "Metaspace" or "BPEDecoder")
            return Read(parts[0]);
        var steps = new List<Func<string, string>>();
        bool bytesInBrackets = false, byteLevel = false, fused = false;
        string dropAtStart = "";
        int dropAtEnd = 0;
        foreach (JsonValue part in parts)
        {
            switch (part.Type())
            {
                case "Replace" when !fused && part.Pattern() is (var pattern, false) && pattern.Text().Length > 0:
                    string found = pattern.Text(), content = part.Get("content").Text();
                    steps.Add(form => form.Replace(found, content, StringComparison.Ordinal));
                    break;
                case "ByteFallback" when !byteLevel:
                    bytesInBrackets = true;
                    break;
                case "ByteLevel" when !bytesInBrackets && !fused:
                    byteLevel = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                // Of a fused text, one piece can be dropped at the beginning, and spaces at the end; more would hold back the stream.
                case "Strip" when fused && part.Integer("start", 0) is 0 or 1 && (part.Integer("stop", 0) == 0 || part.Get("content").Text() == " "):
                    dropAtStart = part.Integer("start", 0) == 1 ? part.Get("content").Text() : "";
                    dropAtEnd = Math.Max(0, part.Integer("stop", 0));
                    break;
                case string other:
                    throw part.Unsupported($"a decoder {PlainText.Quoted(other)} in this place",
                        "ByteLevel, WordPiece, Metaspace, BPEDecoder, or Replace, ByteFallback, Fuse and Strip (one at the start) in this order");
            }
        }
        return new TokenDecoder.Steps(steps, bytesInBrackets, byteLevel, dropAtStart, dropAtEnd);
    }
}
