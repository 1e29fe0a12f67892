using System.Buffers.Binary;
using System.Text;

namespace Formwork.TestSupport.Libtorch;

/// <summary>Makes one symbol of a 64-bit little-endian ELF library, and the library version it asks for, optional.</summary>
/// <remarks>Layouts from the ELF-64 object file format (section headers, symbols) and the Linux Standard Base, part "Symbol Versioning".</remarks>
public static class WeakSymbol
{
    private const uint DynamicSymbols = 11;
    private const uint NeededVersions = 0x6FFFFFFE;
    private const byte Weak = 2;
    private const int SymbolBytes = 24;

    /// <summary>Marks <paramref name="symbol"/> and the needed version <paramref name="version"/> weak in the image of a library.</summary>
    /// <returns>Whether anything was changed; false when both are weak already or absent.</returns>
    /// <exception cref="InvalidDataException">The image is no 64-bit little-endian ELF file.</exception>
    public static bool Mark(Span<byte> image, string symbol, string version)
    {
        if (image.Length < 64 || !image.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("not a 64-bit little-endian ELF file");

        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3A..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3C..]);
        var changed = false;
        for (var section = 0; section < count; section++)
        {
            var header = image.Slice(table + section * size, size);
            var kind = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var offset = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]);
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
            var link = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]);
            if (kind == DynamicSymbols)
            {
                var strings = (int)BinaryPrimitives.ReadUInt64LittleEndian(image[(table + link * size + 0x18)..]);
                changed |= MarkSymbol(image, offset, length, strings, Encoding.ASCII.GetBytes(symbol));
            }
            else if (kind == NeededVersions)
            {
                changed |= MarkVersion(image, offset, Hash(version));
            }
        }

        return changed;
    }

    private static bool MarkSymbol(Span<byte> image, int offset, int length, int strings, ReadOnlySpan<byte> name)
    {
        var changed = false;
        for (var symbol = offset; symbol < offset + length; symbol += SymbolBytes)
        {
            var found = image[(strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[symbol..]))..];
            if (!found.StartsWith(name) || found[name.Length] != 0)
                continue;

            // st_info: the binding in the upper four bits, the type in the lower.
            var info = (byte)(Weak << 4 | image[symbol + 4] & 15);
            changed |= image[symbol + 4] != info;
            image[symbol + 4] = info;
        }

        return changed;
    }

    private static bool MarkVersion(Span<byte> image, int offset, uint hash)
    {
        var changed = false;
        for (var need = offset; ;)
        {
            int versions = BinaryPrimitives.ReadUInt16LittleEndian(image[(need + 2)..]);
            var entry = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 8)..]);
            for (var i = 0; i < versions; i++)
            {
                // vna_hash, vna_flags, …, vna_next
                var flags = BinaryPrimitives.ReadUInt16LittleEndian(image[(entry + 4)..]);
                if (BinaryPrimitives.ReadUInt32LittleEndian(image[entry..]) == hash && (flags & Weak) == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(entry + 4)..], (ushort)(flags | Weak));
                    changed = true;
                }

                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(entry + 12)..]);
            }

            var following = (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 12)..]);
            if (following == 0)
                return changed;
            need += following;
        }
    }

    // The hash of the System V ABI, chapter 5, "Hash Table".
    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var character in name)
        {
            hash = (hash << 4) + character;
            var high = hash & 0xF0000000;
            hash = (hash ^ high >> 24) & ~high;
        }

        return hash;
    }
}
