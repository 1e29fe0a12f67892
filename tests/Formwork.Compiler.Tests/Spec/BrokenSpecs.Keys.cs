using static Formwork.Compiler.Diagnostics.DiagnosticCatalog;

namespace Formwork.Compiler.Tests.Spec;

/// <content>Keys that are unknown, missing, or idle.</content>
internal static partial class BrokenSpecs
{
    private static IEnumerable<BrokenSpec> Keys() =>
    [
        new("a misspelt key", With("«tokeniser»: {kind: none}"), UnknownKey, "`tokeniser` is not a key of the file", "`tokenizer`"),
        new("a misspelt key of a section", With("attention: {heads: 4, «head_with»: 12}"), UnknownKey, "`attention.head_with`", "of `attention`", "`head_width`"),
        new("a key with a dash", With("attention: {heads: 4, «key-value-heads»: 2}"), UnknownKey, "did you mean `key_value_heads`?"),
        new("a key in capitals", With("attention: {heads: 4, «Bias»: true}"), UnknownKey, "did you mean `bias`?"),
        new("a key of another section", With("«heads»: 4"), UnknownKey, "it is a key of `attention`"),
        new("a key like no other", With("norm: {kind: layer, «zzz»: 1}"), UnknownKey, "its keys are `kind`, `epsilon`"),
        new("a key of a group", With("layers: [{«repaet»: 2}]"), UnknownKey, "`layers[0].repaet`", "`repeat`"),
        new("a context for one group", With("layers: [{repeat: 2, «context»: 16}]"), UnknownKey, "it is a key of the file"),
        new("no name", GoodSpec.Without("model"), MissingKey, "`model` is missing", "C# class"),
        new("no architecture", GoodSpec.Without("architecture"), MissingKey, "`architecture`", "`decoder-only`"),
        new("no vocabulary", GoodSpec.Without("vocabulary"), MissingKey, "`vocabulary`", "from 1 to 16,777,216"),
        new("no context", GoodSpec.Without("context"), MissingKey, "`context`"),
        new("no width", GoodSpec.Without("width"), MissingKey, "`width`"),
        new("no layers", GoodSpec.Without("layers"), MissingKey, "`layers`", "a list of groups"),
        new("no attention", GoodSpec.Without("attention"), MissingKey, "`attention` is missing"),
        new("no feed-forward", GoodSpec.Without("feed_forward"), MissingKey, "`feed_forward` is missing"),
        new("no norm", GoodSpec.Without("norm"), MissingKey, "`norm` is missing"),
        new("no heads", With("«attention»: {bias: true}"), MissingKey, "`attention.heads`"),
        new("no heads in one group of two", With("«attention»: {bias: true}", "layers: [{attention: {heads: 4}}, {attention: {bias: false}}]"), MissingKey, "`attention.heads`"),
        new("no activation", With("«feed_forward»: {width: 96}"), MissingKey, "`feed_forward.activation`", "`relu`"),
        new("no kind of norm", With("«norm»: {epsilon: 1e-6}"), MissingKey, "`norm.kind`"),
        new("no kind of positions", With("«positions»: {base: 500}"), MissingKey, "`positions.kind`"),
        new("no kind of tokenizer", With("«tokenizer»: {file: a.json}"), MissingKey, "`tokenizer.kind`"),
        new("a norm's bias without layer norm", With("norm: {kind: rms, bias: «true»}"), KeyWithoutMeaning, "`norm.bias`", "`kind` rms", "remove it"),
        new("a pairing without rotation", With("positions: {kind: learned, pairing: «half»}"), KeyWithoutMeaning, "`positions.pairing`", "rotary"),
        new("a base of learned positions", With("positions: {kind: learned, base: «500»}"), KeyWithoutMeaning, "rotary or sinusoidal"),
        new("an arrangement of rotations", With("positions: {kind: rotary, arrangement: «halves»}"), KeyWithoutMeaning, "sinusoidal"),
        new("merges of a word list", With("tokenizer: {kind: words, merges_file: «m.txt»}"), KeyWithoutMeaning, "byte_bpe"),
        new("a gate's bias without a gate", With("feed_forward: {width: 96, activation: silu, bias: {gate: «true»}}"), KeyWithoutMeaning, "`feed_forward.bias.gate`", "`gated: true`"),
        new("an encoder in a decoder", With("«encoder»: {layers: 3}"), KeyWithoutMeaning, "decoder-only", "no encoder"),
        new("a decoder in an encoder", With("architecture: encoder-only", "«decoder»: {layers: 3}"), KeyWithoutMeaning, "encoder-only"),
    ];
}
