namespace Formwork.Compiler.Spec.Keys;

/// <summary>The keys of a weight layout: of a file in Layouts/, and of a spec's <c>weights</c>.</summary>
internal static class LayoutKeys
{
    private static readonly ListKind Prefixes = new("a list of prefixes", new TextKind("a prefix of tensor names", mayBeEmpty: true), 1);
    private static readonly ListKind Ignored = new("a list of tensor names", new TextKind("a tensor name"));

    /// <summary>A parameter's tensor, where its name does not say everything.</summary>
    public static SectionKind Tensor { get; } = new(
        new SpecKey("tensor", new TextKind("a tensor name"), "The tensor's name, `{layer}` standing for the layer's number, `{expert}` for an expert's.") { Required = true },
        new SpecKey("transposed", new BooleanKind(), "Whether the matrix is stored (in, out).") { Default = "false" },
        new SpecKey("pairing", new ChoiceKind(SpecNames.Pairings), "Which two rows of a query or key head one rotation turns, in the checkpoint.") { Default = "that of the spec" },
        new SpecKey("alternating", new BooleanKind(), "Whether the rows of parameters in one tensor take turns: gate, up, gate, up.") { Default = "false" },
        new SpecKey("by_head", new BooleanKind(), "Whether a tensor of query, key and value has those of one head together, head by head.") { Default = "false" });

    private static readonly MapKind Tensors = new(
        "a section of parameters with tensor names",
        new EitherKind(new TextKind("a tensor name"), Tensor));

    /// <summary>A layout.</summary>
    public static SectionKind Layout { get; } = new(
        new SpecKey("layout", new TextKind("the name of a layout"), "The name of a known layout, such as llama, gpt2, bert or formwork."),
        new SpecKey("extends", new TextKind("the name of a layout"), "A known layout whose entries hold where this one has none."),
        new SpecKey("prefixes", Prefixes, "Prefixes that a checkpoint may put before every tensor name, tried in this order.") { Default = "[\"\"]" },
        new SpecKey("tensors", Tensors, "For each parameter, such as `layers.attention.query.weight`, the name of its tensor. Several parameters in one tensor are joined by `+`."),
        new SpecKey("ignored", Ignored, "Tensors that a checkpoint may have and that no parameter needs, `*` standing for anything.") { Default = "[]" });
}
