using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;

namespace Formwork.Compiler.Planning.Training;

/// <summary>Which linear nodes are one product.</summary>
internal sealed class ProductGroups
{
    private readonly Dictionary<Node, ProductGroup> _ofLinear = [];
    private readonly Dictionary<string, ProductGroup> _ofWeight = [];

    public ProductGroups(TrainingGraph graph, ModelPlan plan)
    {
        var blocks = plan.Weights.SelectMany(weight => weight.Slots.Select(slot => (slot.Parameter.Name, weight))).ToDictionary(entry => entry.Name, entry => entry.weight);
        foreach (IGrouping<(PlannedWeight, Node, bool), Node> group in graph.Nodes.Where(node => node.Operation is Linear).GroupBy(node => (blocks[node.Inputs[1].Name], node.Inputs[0], Recomputation.IsAgain(node))))
        {
            Node[] members = group.ToArray();
            PlannedWeight? bias = members.Where(member => member.Inputs.Count == 3).Select(member => blocks[member.Inputs[2].Name]).FirstOrDefault();
            var product = new ProductGroup(group.Key.Item1, bias, group.Key.Item2, members);
            foreach (Node member in members)
            {
                _ofLinear.Add(member, product);
                // What is computed again has the same derivatives, which are those of the first.
                if (!_ofWeight.ContainsKey(member.Inputs[1].Name))
                    _ofWeight.Add(member.Inputs[1].Name, product);
            }
        }
    }

    /// <summary>The product that a linear node is a part of.</summary>
    public ProductGroup OfLinear(Node linear) => _ofLinear[linear];

    /// <summary>The product that a weight is a part of.</summary>
    public ProductGroup OfWeight(Node weight) => _ofWeight[weight.Name];

    /// <summary>All products.</summary>
    public IEnumerable<ProductGroup> All => _ofLinear.Values.Distinct();
}
