using static Formwork.Compiler.Diagnostics.DiagnosticCatalog;

namespace Formwork.Compiler.Tests.Spec;

/// <content>Values that do not go together.</content>
internal static partial class BrokenSpecs
{

    private static IEnumerable<BrokenSpec> Rules() =>
    [
        new("a width that heads do not divide", With("width: 770", "attention: {heads: «12»}"), WidthNotDivisible, "`attention.heads` is 12 but `width` is 770", "nearest: 768, 780"),
        new("more heads than width", With("width: 8", "attention: {heads: «12»}"), WidthNotDivisible, "nearest: 12"),
        new("a group's heads", With("layers: [{}, {attention: {heads: «5»}}]"), WidthNotDivisible, "`layers[1].attention.heads` is 5"),
        new("heads that key/value heads do not divide", With("attention: {heads: 8, key_value_heads: «3»}"), HeadsNotDivisible, "is 3 but there are 8 heads", "nearest: 2, 4"),
        new("more key/value heads than heads", With("attention: {heads: 4, key_value_heads: «8»}"), HeadsNotDivisible, "nearest: 4"),
        new("a rotated width that is odd", With("attention: {heads: 4, head_width: 10}", "positions: {kind: rotary, fraction: «0.5»}"), RotaryWidthNotEven, "0.5 × 10 = 5"),
        new("a rotated width that is not whole", With("positions: {kind: rotary, fraction: «0.3»}"), RotaryWidthNotEven, "even whole number"),
        new("an odd head, rotated", With("attention: {heads: 4, head_width: «7»}", "positions: {kind: rotary}"), RotaryWidthNotEven, "`attention.head_width`"),
        new("an odd sinusoid", With("width: 45", "attention: {heads: 3}", "positions: {kind: «sinusoidal»}"), OddSinusoidWidth, "`width` is 45", "44, 46"),
        new("too many parameters", With("vocabulary: «16777216»", "width: 1048576"), TooLarge, "parameters", "1,099,511,627,776"),
        new("too many parameters in layers", With("layers: «4096»", "width: 1048576", "feed_forward: {width: 4194304, activation: relu}"), TooLarge, "parameters"),
        new("too wide a projection", With("attention: {heads: 16384, head_width: «16384»}"), TooLarge, "16,384 heads", "268,435,456 rows"),
        new("too long a cache", With("context: «16777216»", "layers: 4096"), TooLarge, "keys and values"),
        new("too many layers in groups", With("«layers»: [{repeat: 4096}, {repeat: 1}]"), TooManyLayers, "4,097", "4,096"),
        new("an end beyond the vocabulary", With("tokenizer: {kind: words, end: [1, «100»]}"), TokenOutsideVocabulary, "`tokenizer.end[1]` is 100", "0 to 99"),
        new("a begin beyond the vocabulary", With("tokenizer: {kind: words, begin: «50256»}"), TokenOutsideVocabulary, "`tokenizer.begin`"),
    ];
}
