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
        new("too wide at the chosen experts", With("feed_forward: {width: 1048576, activation: silu, experts: {count: 4096, chosen: «4096»}}"), TooLarge, "4,294,967,296 numbers at its experts"),
        new("too many layers in groups", With("«layers»: [{repeat: 4096}, {repeat: 1}]"), TooManyLayers, "4,097", "4,096"),
        new("an end beyond the vocabulary", With("tokenizer: {kind: words, end: [1, «100»]}"), TokenOutsideVocabulary, "`tokenizer.end[1]` is 100", "0 to 99"),
        new("a begin beyond the vocabulary", With("tokenizer: {kind: words, begin: «50256»}"), TokenOutsideVocabulary, "`tokenizer.begin`"),
        new("more experts chosen than there are", With("feed_forward: {width: 8, activation: silu, experts: {count: 4, chosen: «5»}}"), ChosenFromTooFew, "`feed_forward.experts.chosen` is 5", "`count` leaves 4"),
        new("more groups chosen than there are", With("feed_forward: {width: 8, activation: silu, experts: {count: 4, chosen: 1, groups: 2, chosen_groups: «3»}}"), ChosenFromTooFew, "`groups` leaves 2"),
        new("more experts than the chosen groups have", With("feed_forward: {width: 8, activation: silu, experts: {count: 8, chosen: «3», groups: 4, chosen_groups: 1}}"), ChosenFromTooFew, "leaves 2"),
        new("groups that do not divide the experts", With("feed_forward: {width: 8, activation: silu, experts: {count: 8, chosen: 1, groups: «3»}}"), GroupsNotDivisible, "nearest: 2, 4"),
        new("a rotated part as wide as the head", With("attention: {heads: 4, head_width: 16, latent: {key_value_rank: 8, rotary_width: «16», value_width: 8}}"), LatentRotaryWidth, "is 16 but a head is 16 wide"),
        new("an odd rotated part", With("attention: {heads: 4, head_width: 16, latent: {key_value_rank: 8, rotary_width: «5», value_width: 8}}"), LatentRotaryWidth, "an even number"),
        new("too few factors", With("attention: {heads: 4, head_width: 8}", "positions: {kind: rotary, scaling: {kind: longrope, «long_factors»: [1, 2]}}"), FactorsPerFrequency, "2 factors but 4 pairs"),
        new("key/value heads beside latent attention", With("attention: {heads: 4, key_value_heads: «2», head_width: 16, latent: {key_value_rank: 8, rotary_width: 4, value_width: 8}}"), KeyWithoutMeaning, "every head has its own key"),
        new("a gate's bound without gate", With("feed_forward: {width: 8, activation: silu, clamp: «7»}"), KeyWithoutMeaning, "there is no gate"),
        new("a shared expert's gate without one", With("feed_forward: {width: 8, activation: silu, experts: {count: 4, chosen: 1, shared_gate: «true»}}"), KeyWithoutMeaning, "no shared expert"),
        new("parts side by side, normed after", With("norm: {kind: layer, placement: post}", "parts: «parallel»"), KeyWithoutMeaning, "`norm.placement` post"),
        new("a source's vocabulary without a source", With("source_vocabulary: «50»"), KeyWithoutMeaning, "there is no source"),
        new("a shared table of two vocabularies", With("architecture: encoder-decoder", "source_vocabulary: 50", "embedding: {shared: «true»}"), KeyWithoutMeaning, "beside `source_vocabulary`"),
        new("learning without a head", With("architecture: encoder-only", "training: «true»"), KeyWithoutMeaning, "without a head"),
        new("a dropout of everything", With("training: {dropout: «1»}"), OutOfRange, "0.95"),
        new("a pooler on a decoder", With("«pooler»: {}"), KeyWithoutMeaning, "encoder-only"),
        new("vectors for a decoder", With("input: «vectors»"), KeyWithoutMeaning, "only an encoder"),
        new("relative positions over layers of different heads", With("positions: {kind: «relative»}", "layers: [{}, {attention: {heads: 8}}]"), RelativeHeads, "4 and 8 heads"),
        new("a scaling's key of another kind", With("positions: {kind: rotary, scaling: {kind: linear, factor: 2, beta_fast: «4»}}"), KeyWithoutMeaning, "with `kind` linear"),
        new("a suppressed token beyond the vocabulary", With("generation: {suppressed: [1, «100»]}"), TokenOutsideVocabulary, "`generation.suppressed[1]` is 100"),
    ];
}
