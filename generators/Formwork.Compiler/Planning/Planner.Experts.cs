using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning;

/// <content>Mixtures of experts.</content>
public sealed partial class Planner
{
    private void PlanExperts(Node node, MixExperts mix, PassDraft pass) => throw new NotSupportedException($"{node.Name}: {mix.Word}");
}
