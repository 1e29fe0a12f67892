using static Formwork.Compiler.Diagnostics.DiagnosticCatalog;

namespace Formwork.Compiler.Tests.Spec;

/// <content>Weight layouts, known and of the spec's own.</content>
internal static partial class BrokenSpecs
{
    private static IEnumerable<BrokenSpec> Layouts() =>
    [
        new("a misspelt layout", With("weights: {layout: «lama»}"), UnknownLayout, "formwork, gemma2", "did you mean `llama`?"),
        new("a layout nobody knows", With("weights: {layout: «mamba»}"), UnknownLayout, "`mamba`"),
        new("a layout and tensors", With("weights: {layout: llama, «ignored»: [x]}"), KeyWithoutMeaning, "`weights.ignored`", "beside `weights.layout`"),
        new("a layout without tensors", With("«weights»: {prefixes: [a.]}"), MissingKey, "`weights.tensors`"),
        new("a parameter nobody has", Tensors("«layers.attention.querry.weight»: q.{layer}"), UnknownParameter, "querry", "did you mean `layers.attention.query.weight`?"),
        new("a parameter with a layer's number", Tensors("«layers.0.attention.query.weight»: q"), UnknownParameter, "did you mean `layers.attention.query.weight`?"),
        new("a layer without its number", Tensors("layers.attention.query.weight: «q.weight»"), LayerHole, "`{layer}`"),
        new("a number without a layer", Tensors("embedding.token: «wte.{layer}»"), LayerHole, "no `{`"),
        new("another hole", Tensors("layers.attention.query.weight: «q.{layer}.{head}»"), LayerHole),
        new("parts that are never one", Tensors("«layers.attention.query+output.weight»: q.{layer}"), NotFusable, "query, key and value"),
        new("a part twice", Tensors("«layers.attention.query+query.weight»: q.{layer}"), NotFusable),
        new("a parameter twice", Tensors("layers.attention.key.weight: k.{layer}\n    «layers.attention.query+key.weight»: qk.{layer}"), ParameterTwice, "`layers.attention.key.weight`", "`k.{layer}`"),
        new("a pairing of values", Tensors("layers.attention.value.weight: {tensor: \"v.{layer}\", pairing: «half»}"), KeyWithoutMeaning, "only queries and keys"),
        new("a vector transposed", Tensors("layers.attention.query.bias: {tensor: \"b.{layer}\", transposed: «true»}"), KeyWithoutMeaning, "a vector"),
        new("an entry without a tensor", Tensors("«layers.attention.query.weight»: {pairing: half}"), MissingKey, "tensor"),
        new("a list of tensors", Tensors("«layers.attention.query.weight»: [a, b]"), WrongType, "a tensor name"),
        new("an empty name", Tensors("embedding.token: «\"\"»"), WrongType),
        new("no prefixes", With("weights: {«prefixes»: [], tensors: {embedding.token: t}}"), WrongType, "`weights.prefixes`"),
    ];

    private static string Tensors(string entries) => With("weights:\n  tensors:\n    " + entries);
}
