namespace Formwork.Runtime.Weights;

/// <summary>The element types' names in safetensors headers and their sizes.</summary>
internal static class TensorTypes
{
    private static readonly (string Name, TensorType Type, int Bytes)[] Rows =
    [
        ("F32", TensorType.F32, 4), ("F16", TensorType.F16, 2), ("BF16", TensorType.BF16, 2), ("F64", TensorType.F64, 8),
        ("I64", TensorType.I64, 8), ("I32", TensorType.I32, 4), ("I16", TensorType.I16, 2), ("I8", TensorType.I8, 1),
        ("U64", TensorType.U64, 8), ("U32", TensorType.U32, 4), ("U16", TensorType.U16, 2), ("U8", TensorType.U8, 1),
        ("BOOL", TensorType.Bool, 1), ("F8_E4M3", TensorType.F8E4M3, 1), ("F8_E5M2", TensorType.F8E5M2, 1),
    ];

    public static string Known { get; } = string.Join(", ", Rows.Select(row => row.Name));

    public static TensorType? Find(string name)
    {
        foreach (var row in Rows)
            if (row.Name == name)
                return row.Type;
        return null;
    }

    public static string Name(this TensorType type) => Rows[(int)type].Name;

    public static int Bytes(this TensorType type) => Rows[(int)type].Bytes;

    public static bool CanBeRead(this TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16;
}
