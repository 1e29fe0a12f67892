using static Formwork.Compiler.Diagnostics.DiagnosticCatalog;

namespace Formwork.Compiler.Tests.Spec;

/// <content>Values of the wrong type, name or range.</content>
internal static partial class BrokenSpecs
{
    private static IEnumerable<BrokenSpec> Values() =>
    [
        new("a word for a number", With("width: «wide»"), WrongType, "`width` is `wide`", "a whole number from 1 to 1,048,576"),
        new("a quoted number", With("width: «\"48\"»"), WrongType, "the text \"48\""),
        new("a fraction of layers", With("layers: «2.5»"), WrongType, "`2.5`"),
        new("a number with a separator", With("vocabulary: «50_257»"), WrongType, "`50_257`"),
        new("a number in hexadecimal", With("width: «0x30»"), WrongType),
        new("no value", With("«width»:"), WrongType, "`width` is empty"),
        new("a section for a number", With("«width»: {of: 48}"), WrongType, "a section with keys"),
        new("a number for a section", With("attention: «4»"), WrongType, "`attention` is `4`", "`heads`"),
        new("a list for a section", With("«attention»: [4]"), WrongType, "`attention` is a list"),
        new("no groups", With("«layers»: []"), WrongType, "`layers` is a list", "groups of layers"),
        new("a number as a group", With("layers: [«6»]"), WrongType, "`layers[0]` is `6`"),
        new("yes for true", With("attention: {heads: 4, bias: «yes»}"), WrongType, "`yes`", "`true` or `false`"),
        new("a number for true", With("feed_forward: {width: 96, activation: silu, gated: «1»}"), WrongType, "`1`"),
        new("not a number", With("norm: {kind: layer, epsilon: «.nan»}"), WrongType, "`.nan`", "a number from"),
        new("NaN, as C# writes it", With("norm: {kind: layer, epsilon: «NaN»}"), WrongType),
        new("infinity", With("norm: {kind: layer, epsilon: «.inf»}"), WrongType),
        new("a decimal comma", With("attention: {heads: 4, scale: «'0,5'»}"), WrongType, "0,5"),
        new("a list of words as end", With("tokenizer: {kind: words, end: [«stop»]}"), WrongType, "`tokenizer.end[0]`"),
        new("an unknown architecture", With("architecture: «decoder_only»"), UnknownValue, "`decoder_only`", "did you mean `decoder-only`?"),
        new("an unknown activation", With("feed_forward: {width: 96, activation: «swish»}"), UnknownValue, "`swish`", "`silu`"),
        new("a misspelt activation", With("feed_forward: {width: 96, activation: «gelu_tan»}"), UnknownValue, "did you mean `gelu_tanh`?"),
        new("an unknown norm", With("norm: {kind: «batch»}"), UnknownValue, "`layer`, `rms`"),
        new("an unknown placement", With("norm: {kind: layer, placement: «before»}"), UnknownValue, "`pre`, `post`, `both`, `output`"),
        new("added positions for a group", With("layers: [{positions: {kind: «learned»}}]"), UnknownValue, "`layers[0].positions.kind`", "`none`, `rotary`"),
        new("an unknown tokenizer", With("tokenizer: {kind: «bpe»}"), UnknownValue, "`byte_bpe`"),
        new("an unknown embedding scale", With("embedding: {scale: «sqrt»}"), UnknownValue, "`sqrt_width`"),
        new("a width of nothing", With("width: «0»"), OutOfRange, "`width` is 0", "from 1"),
        new("a negative width", With("width: «-48»"), OutOfRange, "-48"),
        new("a stack of nothing", With("layers: «0»"), OutOfRange, "`layers` is 0", "from 1 to 4,096"),
        new("a negative number of heads", With("attention: {heads: «-4»}"), OutOfRange, "`attention.heads`"),
        new("a group that is not there", With("layers: [{repeat: «0»}]"), OutOfRange, "`layers[0].repeat`"),
        new("an absurd vocabulary", With("vocabulary: «4294967297»"), OutOfRange, "4294967297"),
        new("a number beyond all integers", With("context: «99999999999999999999999»"), OutOfRange),
        new("an epsilon of nothing", With("norm: {kind: layer, epsilon: «0»}"), OutOfRange, "`norm.epsilon` is 0"),
        new("a negative epsilon", With("norm: {kind: layer, epsilon: «-1e-5»}"), OutOfRange),
        new("a number beyond all doubles", With("attention: {heads: 4, scale: «1e999»}"), OutOfRange, "1e999"),
        new("more than a whole head", With("positions: {kind: rotary, fraction: «1.5»}"), OutOfRange, "`positions.fraction`"),
        new("a negative token", With("tokenizer: {kind: words, begin: «-1»}"), OutOfRange),
        new("a name with a dash", With("model: «my-model»"), NotAnIdentifier, "`my-model`", "C# class"),
        new("a name that starts with a digit", With("model: «2Fast»"), NotAnIdentifier),
        new("a keyword as name", With("model: «class»"), NotAnIdentifier, "no keyword"),
        new("a name that generated code uses", With("model: «Load»"), NotAnIdentifier, "generated code uses"),
        new("a name with an umlaut", With("model: «Füllhorn»"), NotAnIdentifier),
        new("a name without end", With("model: «" + new string('x', 101) + "»"), NotAnIdentifier),
    ];
}
