using System.Buffers.Binary;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Formwork.Generators.Tests.Generation;

/// <summary>What the JIT measures a method by before it optimises it.</summary>
/// <param name="Name">The method, with its type.</param>
/// <param name="IlBytes">Bytes of its instructions.</param>
/// <param name="Locals">Its local variables.</param>
/// <param name="BasicBlocks">Runs of instructions entered only at their first and left only at their last.</param>
internal sealed record MethodSize(string Name, int IlBytes, int Locals, int BasicBlocks)
{
    private static readonly Dictionary<int, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    public static MethodSize Of(MetadataReader metadata, MethodDefinition method, MethodBodyBlock body)
    {
        string type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
        byte[] code = body.GetILBytes() ?? [];
        return new MethodSize($"{type}.{metadata.GetString(method.Name)}", code.Length, LocalCount(metadata, body), BlockCount(code, body));
    }

    /// <summary>A signature of locals begins with 0x07 and their number (ECMA-335, II.23.2.6).</summary>
    private static int LocalCount(MetadataReader metadata, MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
            return 0;
        BlobReader signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
        signature.ReadByte();
        return signature.ReadCompressedInteger();
    }

    /// <summary>A block begins at the start, at every branch target, behind every instruction that leaves, and at every handler.</summary>
    private static int BlockCount(byte[] code, MethodBodyBlock body)
    {
        var starts = new HashSet<int> { 0 };
        foreach (ExceptionRegion region in body.ExceptionRegions)
            starts.UnionWith([region.TryOffset, region.HandlerOffset]);
        for (int at = 0; at < code.Length;)
        {
            int key = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            OpCode opCode = s_opCodes[key];
            int operand = at + opCode.Size, next = operand + OperandSize(opCode, code.AsSpan(operand));
            starts.UnionWith(Targets(opCode, code, operand, next));
            if (opCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
                starts.Add(next);
            at = next;
        }

        starts.Remove(code.Length);
        return starts.Count;
    }

    private static IEnumerable<int> Targets(OpCode opCode, byte[] code, int operand, int next) => opCode.OperandType switch
    {
        OperandType.ShortInlineBrTarget => [next + (sbyte)code[operand]],
        OperandType.InlineBrTarget => [next + BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(operand))],
        OperandType.InlineSwitch => Enumerable.Range(0, (next - operand) / 4 - 1)
            .Select(index => next + BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(operand + 4 + 4 * index))),
        _ => [],
    };

    private static int OperandSize(OpCode opCode, ReadOnlySpan<byte> operand) => opCode.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(operand),
        _ => 4,
    };
}
