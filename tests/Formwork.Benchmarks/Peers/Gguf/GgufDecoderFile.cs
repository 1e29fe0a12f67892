using Formwork.Benchmarks.Workloads;

namespace Formwork.Benchmarks.Peers.Gguf;

/// <summary>A GGUF file of a decoder shape with the random weights that all contenders have, and no tokenizer.</summary>
public static class GgufDecoderFile
{
    /// <summary>The file in <paramref name="folder"/>; written when it is not there yet.</summary>
    public static string Prepare(DecoderShape shape, GgufType type, string folder)
    {
        var path = Path.Combine(folder, $"{shape.Name}-{type}.gguf".ToLowerInvariant());
        if (File.Exists(path))
            return path;

        Directory.CreateDirectory(folder);
        var writer = new GgufWriter();
        AddMetadata(writer, shape);
        if (shape.Family == DecoderFamily.Gpt2)
            AddGpt2(writer, shape, type);
        else
            AddLlama(writer, shape, type);
        writer.Write(path);
        return path;
    }

    private static void AddMetadata(GgufWriter writer, DecoderShape shape)
    {
        var architecture = shape.Family == DecoderFamily.Gpt2 ? "gpt2" : "llama";
        writer.Add("general.architecture", architecture);
        writer.Add("general.name", shape.Name);
        writer.Add($"{architecture}.vocab_size", (uint)shape.Vocabulary);
        writer.Add($"{architecture}.context_length", (uint)shape.Context);
        writer.Add($"{architecture}.embedding_length", (uint)shape.Width);
        writer.Add($"{architecture}.block_count", (uint)shape.Layers);
        writer.Add($"{architecture}.feed_forward_length", (uint)shape.FeedForwardWidth);
        writer.Add($"{architecture}.attention.head_count", (uint)shape.Heads);
        writer.Add($"{architecture}.attention.head_count_kv", (uint)shape.KeyValueHeads);
        if (shape.Family == DecoderFamily.Gpt2)
        {
            writer.Add("gpt2.attention.layer_norm_epsilon", shape.Epsilon);
        }
        else
        {
            writer.Add("llama.attention.layer_norm_rms_epsilon", shape.Epsilon);
            writer.Add("llama.rope.dimension_count", (uint)shape.HeadWidth);
            writer.Add("llama.rope.freq_base", shape.RotaryBase);
        }

        // Token ids go in and logits come out: no vocabulary is needed.
        writer.Add("tokenizer.ggml.model", "none");
    }

    private static void AddGpt2(GgufWriter writer, DecoderShape shape, GgufType type)
    {
        int width = shape.Width, feedForward = shape.FeedForwardWidth;
        AddMatrix(writer, "token_embd.weight", "embedding.token", shape.Vocabulary, width, type);
        AddMatrix(writer, "position_embd.weight", "embedding.position", shape.Context, width, GgufType.F32);
        AddNorm(writer, "output_norm", "final_norm", width, bias: true);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            string block = $"blk.{layer}", attention = $"layers.{layer}.attention", forward = $"layers.{layer}.feed_forward";
            AddNorm(writer, $"{block}.attn_norm", $"{attention}.norm", width, bias: true);
            AddFused(writer, $"{block}.attn_qkv", [$"{attention}.query", $"{attention}.key", $"{attention}.value"], width, type);
            AddLinear(writer, $"{block}.attn_output", $"{attention}.output", width, width, type);
            AddNorm(writer, $"{block}.ffn_norm", $"{forward}.norm", width, bias: true);
            AddLinear(writer, $"{block}.ffn_up", $"{forward}.up", feedForward, width, type);
            AddLinear(writer, $"{block}.ffn_down", $"{forward}.down", width, feedForward, type);
        }
    }

    private static void AddLlama(GgufWriter writer, DecoderShape shape, GgufType type)
    {
        int width = shape.Width, feedForward = shape.FeedForwardWidth;
        AddMatrix(writer, "token_embd.weight", "embedding.token", shape.Vocabulary, width, type);
        AddNorm(writer, "output_norm", "final_norm", width, bias: false);
        if (!shape.Tied)
            AddMatrix(writer, "output.weight", "unembedding.weight", shape.Vocabulary, width, type);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            string block = $"blk.{layer}", attention = $"layers.{layer}.attention", forward = $"layers.{layer}.feed_forward";
            AddNorm(writer, $"{block}.attn_norm", $"{attention}.norm", width, bias: false);
            AddRotated(writer, $"{block}.attn_q.weight", $"{attention}.query.weight", shape.QueryWidth, shape, type);
            AddRotated(writer, $"{block}.attn_k.weight", $"{attention}.key.weight", shape.KeyValueWidth, shape, type);
            AddMatrix(writer, $"{block}.attn_v.weight", $"{attention}.value.weight", shape.KeyValueWidth, width, type);
            AddMatrix(writer, $"{block}.attn_output.weight", $"{attention}.output.weight", width, shape.QueryWidth, type);
            AddNorm(writer, $"{block}.ffn_norm", $"{forward}.norm", width, bias: false);
            AddMatrix(writer, $"{block}.ffn_gate.weight", $"{forward}.gate.weight", feedForward, width, type);
            AddMatrix(writer, $"{block}.ffn_up.weight", $"{forward}.up.weight", feedForward, width, type);
            AddMatrix(writer, $"{block}.ffn_down.weight", $"{forward}.down.weight", width, feedForward, type);
        }
    }

    // Equally large parts, one below the other.
    private static void AddFused(GgufWriter writer, string tensor, string[] parts, int width, GgufType type)
    {
        RandomParameter[] weights = [.. parts.Select(part => new RandomParameter($"{part}.weight"))];
        writer.Add($"{tensor}.weight", parts.Length * width, width, type, (row, numbers) => weights[row / width].Fill(row % width * width, numbers));
        writer.Add($"{tensor}.bias", 0, parts.Length * width, GgufType.F32, (_, numbers) =>
        {
            for (var part = 0; part < parts.Length; part++)
                new RandomParameter($"{parts[part]}.bias").Fill(0, numbers.Slice(part * width, width));
        });
    }

    // llama.cpp turns neighbouring numbers, our weights are for numbers half a head apart: its row 2i is our i, its 2i + 1 our i + half.
    private static void AddRotated(GgufWriter writer, string tensor, string parameter, int rows, DecoderShape shape, GgufType type)
    {
        var values = new RandomParameter(parameter);
        writer.Add(tensor, rows, shape.Width, type, (row, numbers) =>
        {
            var (head, place) = Math.DivRem(row, shape.HeadWidth);
            var source = head * shape.HeadWidth + place / 2 + place % 2 * (shape.HeadWidth / 2);
            values.Fill(source * shape.Width, numbers);
        });
    }

    private static void AddMatrix(GgufWriter writer, string tensor, string parameter, int rows, int columns, GgufType type)
    {
        var values = new RandomParameter(parameter);
        writer.Add(tensor, rows, columns, type, (row, numbers) => values.Fill(row * columns, numbers));
    }

    private static void AddVector(GgufWriter writer, string tensor, string parameter, int length) =>
        AddMatrix(writer, tensor, parameter, 0, length, GgufType.F32);

    private static void AddLinear(GgufWriter writer, string tensor, string part, int rows, int columns, GgufType type)
    {
        AddMatrix(writer, $"{tensor}.weight", $"{part}.weight", rows, columns, type);
        AddVector(writer, $"{tensor}.bias", $"{part}.bias", rows);
    }

    private static void AddNorm(GgufWriter writer, string tensor, string part, int width, bool bias)
    {
        AddVector(writer, $"{tensor}.weight", $"{part}.weight", width);
        if (bias)
            AddVector(writer, $"{tensor}.bias", $"{part}.bias", width);
    }
}
