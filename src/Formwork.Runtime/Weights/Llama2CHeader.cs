using System.Buffers.Binary;

namespace Formwork.Runtime.Weights;

/// <summary>The seven numbers that start a legacy llama2.c checkpoint, and the tensors that follow from them.</summary>
internal sealed record Llama2CHeader(int Width, int FeedForwardWidth, int Layers, int Heads, int KeyValueHeads, long Vocabulary, bool Tied, int Context)
{
    /// <summary>The header's size.</summary>
    public const int Bytes = 7 * sizeof(int);

    private static readonly string[] Words = ["width", "feed-forward width", "layers", "heads", "key/value heads", "vocabulary", "context"];

    /// <summary>Numbers in a head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>One kind of tensor: its Hugging Face name with {0} for the layer; null for a block that is skipped.</summary>
    public readonly record struct Kind(string? Name, bool PerLayer, bool Permuted, params long[] Shape)
    {
        /// <summary>Numbers in one of them.</summary>
        public long Count => Shape.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>Reads the header of a file of <paramref name="fileBytes"/> bytes, and checks that the file has exactly its tensors.</summary>
    public static Llama2CHeader Read(string path, ReadOnlySpan<byte> bytes, long fileBytes)
    {
        if (bytes.Length < Bytes)
            throw new InvalidInputException(path, "header", $"{bytes.Length} bytes", $"at least {Bytes}", "The file is truncated; " + SafetensorsHeader.DownloadAgain);
        var header = Parse(bytes, out string? found, out string? expected)
            ?? throw new InvalidInputException(path, "header", found!, expected!, "This is not a llama2.c checkpoint, or its start is damaged.");
        Int128 whole = header.FileBytes();
        if (whole != fileBytes)
            throw new InvalidInputException(path, null, $"{fileBytes} bytes", $"{whole}, for {header.Describe()}", fileBytes < whole
                ? "The file is truncated, or is not a llama2.c checkpoint; download it again."
                : "The file is not a llama2.c checkpoint of the legacy format, or has something after its end.");
        return header;
    }

    /// <summary>Whether these bytes are a header of a file of this size.</summary>
    public static bool Fits(ReadOnlySpan<byte> bytes, long fileBytes) => Parse(bytes, out _, out _) is { } header && header.FileBytes() == fileBytes;

    /// <summary>All tensors in the file's order.</summary>
    public IEnumerable<Kind> Tensors()
    {
        long keyWidth = (long)KeyValueHeads * HeadWidth;
        yield return new("model.embed_tokens.weight", false, false, Vocabulary, Width);
        yield return new("model.layers.{0}.input_layernorm.weight", true, false, Width);
        yield return new("model.layers.{0}.self_attn.q_proj.weight", true, true, Width, Width);
        yield return new("model.layers.{0}.self_attn.k_proj.weight", true, true, keyWidth, Width);
        yield return new("model.layers.{0}.self_attn.v_proj.weight", true, false, keyWidth, Width);
        yield return new("model.layers.{0}.self_attn.o_proj.weight", true, false, Width, Width);
        yield return new("model.layers.{0}.post_attention_layernorm.weight", true, false, Width);
        yield return new("model.layers.{0}.mlp.gate_proj.weight", true, false, FeedForwardWidth, Width);
        yield return new("model.layers.{0}.mlp.down_proj.weight", true, false, Width, FeedForwardWidth);
        yield return new("model.layers.{0}.mlp.up_proj.weight", true, false, FeedForwardWidth, Width);
        yield return new("model.norm.weight", false, false, Width);
        // The rotary cosines and sines, which nobody reads any more.
        yield return new(null, false, false, 2L * Context, HeadWidth / 2);
        if (!Tied)
            yield return new("lm_head.weight", false, false, Vocabulary, Width);
    }

    private static Llama2CHeader? Parse(ReadOnlySpan<byte> bytes, out string? found, out string? expected)
    {
        Span<long> numbers = stackalloc long[Words.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        long vocabulary = numbers[5];
        numbers[5] = Math.Abs(vocabulary);
        for (int i = 0; i < numbers.Length; i++)
            if (numbers[i] <= 0)
            {
                (found, expected) = ($"{numbers[i]} for {Words[i]}", "a positive number");
                return null;
            }
        var header = new Llama2CHeader((int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3], (int)numbers[4], numbers[5], vocabulary > 0, (int)numbers[6]);
        (found, expected) = header.Problem() ?? default;
        return found is null ? header : null;
    }

    private (string Found, string Expected)? Problem()
    {
        if (Width % Heads != 0 || HeadWidth % 2 != 0)
            return ($"a width of {Width} for {Heads} heads", "an even width for every head");
        if (Heads % KeyValueHeads != 0)
            return ($"{KeyValueHeads} key/value heads for {Heads} heads", "a number that divides the heads");
        return null;
    }

    // Seven wild numbers can ask for 2^96 bytes.
    private Int128 FileBytes()
    {
        Int128 count = 0;
        foreach (var tensor in Tensors())
            count += tensor.Shape.Aggregate((Int128)(tensor.PerLayer ? Layers : 1), (product, size) => product * size);
        return Bytes + count * sizeof(float);
    }

    private string Describe() =>
        $"width {Width}, feed-forward width {FeedForwardWidth}, {Layers} layers, {Heads} heads, {KeyValueHeads} key/value heads, vocabulary {Vocabulary}, " +
        $"context {Context}, {(Tied ? "tied" : "separate")} unembedding";
}
