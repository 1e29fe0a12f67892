using Formwork.Compiler.Diagnostics;
using Formwork.Compiler.Spec.Yaml;

namespace Formwork.Compiler.Spec.Keys;

/// <summary>A text, as <paramref name="expectation"/> says it. Read as <see cref="string"/>.</summary>
internal class TextKind(string expectation, bool mayBeEmpty = false) : ValueKind
{
    public override string Expectation => expectation;

    public override bool HasForm(YamlNode node) => node is YamlScalar scalar && (scalar.Quoted ? mayBeEmpty || scalar.Text.Length > 0 : !scalar.IsNull);

    public override JsonObject Schema()
    {
        var schema = new JsonObject { { "type", "string" } };
        if (!mayBeEmpty)
            schema.Add("minLength", 1);
        return schema;
    }

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading) => ((YamlScalar)node).Text;
}

/// <summary>A name for a C# type. Read as <see cref="string"/>.</summary>
internal sealed class IdentifierKind() : TextKind("a name that a C# class can have, such as `TinyLlama`: a letter, then letters, digits and `_`, no keyword, and no name that generated code uses itself")
{
    private const int MaximumLength = 100;

    private static readonly HashSet<string> Keywords = new((
        "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern " +
        "false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params " +
        "private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong " +
        // Not keywords, yet refused as the name of a type.
        "unchecked unsafe ushort using virtual void volatile while dynamic extension field file nint notnull nuint partial record required scoped unmanaged var where yield await")
        .Split(' '));

    // Members of a generated type, and types that its code names.
    private static readonly HashSet<string> UsedByGeneratedCode = new((
        "Load WithRandomWeights FromParts Architecture Forward Weights Tables WeightSlots Embedding Unembedding DecoderModel ModelDescription ModelParts " +
        "LoadOptions Batch Worker SequenceRows WeightTable WeightSlot WeightPacking TokenizerDescription TokenizerKind PositionTables VectorMath " +
        "Encode HiddenStates Pooler Classifier States FinalNorm EncoderModel EncoderDecoderModel PassOutput ModelArchitecture GenerationDefaults PoolingDescription PoolingKind " +
        "Vector128 Vector256 Vector512 TensorPrimitives Math MathF Span ReadOnlySpan")
        .Split(' '));

    public override JsonObject Schema() =>
        new() { { "type", "string" }, { "pattern", "^[A-Za-z_][A-Za-z0-9_]*$" }, { "maxLength", MaximumLength } };

    protected override object? ReadValue(YamlNode node, string path, SpecReading reading)
    {
        string text = ((YamlScalar)node).Text;
        if (text.Length <= MaximumLength && !Keywords.Contains(text) && !UsedByGeneratedCode.Contains(text) && !IsDigit(text[0]) && text.All(character => IsLetter(character) || IsDigit(character)))
            return text;
        reading.Diagnostics.Report(DiagnosticCatalog.NotAnIdentifier, node.Span, path, SpecReading.Shorten(text), Expectation);
        return null;
    }

    // ASCII only, although C# allows more: the name also becomes file names.
    private static bool IsLetter(char character) => character is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_';

    private static bool IsDigit(char character) => character is >= '0' and <= '9';
}
