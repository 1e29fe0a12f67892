namespace Formwork.Runtime.Weights;

/// <summary>Recognises, by their first bytes, files that people take for weights, so that the message can say what they are.</summary>
internal static class ForeignFormat
{
    private static readonly (byte[] Start, string Found, string Remedy)[] Rows =
    [
        ("version https://git-lfs"u8.ToArray(), "a Git LFS pointer, not the file it points to", "Run `git lfs pull` where it came from, or download the file itself."),
        ("PK\u0003\u0004"u8.ToArray(), "a PyTorch (zip) checkpoint", "Save the model as safetensors, and give that file."),
        ([0x80, 0x02, 0x8A, 0x0A], "a PyTorch (pickle) checkpoint", "Save the model as safetensors, and give that file."),
        ("GGUF"u8.ToArray(), "a GGUF file", "Give a safetensors file."),
        ("<!DOCTYPE"u8.ToArray(), "a web page", "Download the file itself, not the page that shows it."),
        ("<html"u8.ToArray(), "a web page", "Download the file itself, not the page that shows it."),
        ("24ka"u8.ToArray(), "a llama2.c export of version 1 or later", "Export it as version 0 (legacy), or as a Hugging Face model in safetensors."),
    ];

    /// <summary>Throws when the file starts like one of them.</summary>
    public static void Refuse(string path, ReadOnlySpan<byte> start, string expected)
    {
        foreach (var row in Rows)
            if (start.StartsWith(row.Start))
                throw new InvalidInputException(path, null, row.Found, expected, row.Remedy);
    }
}
