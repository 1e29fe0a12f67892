using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Formwork.Runtime.Tests.Weights;

/// <summary>Makes checkpoint files by hand, sound or broken.</summary>
internal static class CheckpointBytes
{
    /// <summary>A safetensors file with this header text and so many bytes of elements, all zero.</summary>
    public static byte[] Safetensors(string header, int dataBytes) => Safetensors(Encoding.UTF8.GetBytes(header), dataBytes);

    /// <summary>A safetensors file with this header and so many bytes of elements, all zero.</summary>
    public static byte[] Safetensors(byte[] header, int dataBytes)
    {
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    /// <summary>A header entry.</summary>
    public static string Entry(string name, string type, string shape, string offsets) =>
        $$"""  "{{name}}": {"dtype": "{{type}}", "shape": {{shape}}, "data_offsets": {{offsets}}}""";

    /// <summary>A small sound llama2.c checkpoint; its numbers count up. Then <paramref name="change"/> has its way with the bytes.</summary>
    public static byte[] Llama2C(int[]? header = null, int extraFloats = 0)
    {
        int[] numbers = header ?? [8, 12, 2, 2, 1, 10, 4];
        int width = 8, hidden = 12, layers = 2, keyWidth = 4, vocabulary = 10, context = 4, headWidth = 4;
        int count = vocabulary * width + layers * (2 * width + 2 * width * width + 2 * keyWidth * width + 3 * hidden * width) + width + context * headWidth;
        var values = Enumerable.Range(0, count + extraFloats).Select(i => i / 16f).ToArray();
        return [.. MemoryMarshal.AsBytes(numbers.AsSpan()), .. MemoryMarshal.AsBytes(values.AsSpan())];
    }
}
