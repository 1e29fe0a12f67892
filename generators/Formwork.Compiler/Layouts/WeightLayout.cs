using Formwork.Compiler.Spec;
using Formwork.Compiler.Text;

namespace Formwork.Compiler.Layouts;

/// <summary>
/// Which tensors a checkpoint has for a model's parameters: names, orders, fused projections. Layouts are data: the known ones are
/// YAML files in this folder, and a spec can write its own under <c>weights:</c>.
/// </summary>
/// <param name="Name">For example <c>llama</c>.</param>
/// <param name="Prefixes">Prefixes that a file may put before every tensor name, tried in this order (for example none, then <c>transformer.</c>).</param>
/// <param name="Entries">One entry a kind of parameter.</param>
/// <param name="Ignored">Tensor names, with <c>*</c> for any run of characters, that a file may have and that no parameter needs.</param>
public sealed record WeightLayout(
    string Name,
    EquatableArray<string> Prefixes,
    EquatableArray<LayoutEntry> Entries,
    EquatableArray<string> Ignored);

/// <summary>Where one kind of parameter is found.</summary>
/// <param name="Parameter">
/// The parameter without its layer's number: <c>embedding.token</c>, <c>layers.attention.query.weight</c>. A fused tensor names all its
/// parts in their order along the output axis.
/// </param>
/// <param name="Tensor">The tensor's name, <c>{layer}</c> standing for the layer's number and <c>{expert}</c> for the expert's.</param>
/// <param name="Transposed">Whether a matrix is stored (in, out) and not (out, in).</param>
/// <param name="Pairing">For query and key: the rotary pairing of the stored rows; null when it is the spec's.</param>
/// <param name="Part">Which part of a fused tensor this is, counted from 0; null when the tensor is this parameter alone.</param>
/// <param name="FusedParts">The parameters fused in the tensor, in order; empty when it is this parameter alone.</param>
public sealed record LayoutEntry(
    string Parameter,
    string Tensor,
    bool Transposed,
    RotaryPairing? Pairing,
    int? Part,
    EquatableArray<string> FusedParts)
{
    /// <summary>Whether the rows of a fused tensor's parts take turns (gate, up, gate, up) and do not follow each other.</summary>
    public bool Alternating { get; init; }

    /// <summary>Whether a fused tensor has the parts of one head together, head by head (BLOOM, GPT-NeoX).</summary>
    public bool ByHead { get; init; }
}
