namespace Formwork.Runtime.Weights;

/// <summary>How a checkpoint stores a tensor's elements. Only the three that weights use can be read; the others are only known by size.</summary>
public enum TensorType
{
    /// <summary>IEEE float32.</summary>
    F32,

    /// <summary>IEEE float16.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a float32.</summary>
    BF16,

    /// <summary>IEEE float64.</summary>
    F64,

    /// <summary>Signed 64-bit integers.</summary>
    I64,

    /// <summary>Signed 32-bit integers.</summary>
    I32,

    /// <summary>Signed 16-bit integers.</summary>
    I16,

    /// <summary>Signed 8-bit integers.</summary>
    I8,

    /// <summary>Unsigned 64-bit integers.</summary>
    U64,

    /// <summary>Unsigned 32-bit integers.</summary>
    U32,

    /// <summary>Unsigned 16-bit integers.</summary>
    U16,

    /// <summary>Unsigned 8-bit integers.</summary>
    U8,

    /// <summary>Truth values, a byte each.</summary>
    Bool,

    /// <summary>8-bit floats with four bits of exponent.</summary>
    F8E4M3,

    /// <summary>8-bit floats with five bits of exponent.</summary>
    F8E5M2,
}
