using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.Compiler.Spec;

namespace Formwork.Compiler.Planning;

/// <content>From the states on only the rows that something is wanted of are computed.</content>
public sealed partial class Planner
{
    /// <summary>The final norm, where there is one, and all that follows the states.</summary>
    private static HashSet<Node> HeadsOf(ModelGraph graph) =>
        [.. graph.Nodes.Where(node => (node == graph.States && IsFinalNorm(node)) || (node.Id > graph.States.Id && node.Operation is not Parameter))];

    private static bool IsFinalNorm(Node node) => node.Operation is LayerNorm or RmsNorm && node.Name.EndsWith("final_norm", StringComparison.Ordinal);

    private void PlanOutputs()
    {
        PassDraft pass = _forward;
        Node states = _graph.States, last = _heads.Contains(states) ? states.Inputs[0] : states;
        bool encoderOnly = _spec.Architecture == Architecture.EncoderOnly;
        BufferPlanner.Value selected = pass.New("selected", last.Shape.Width);
        pass.Rows = StepRows.Outputs;
        pass.Step(encoderOnly ? "states.rows" : "logits.rows", new SelectKernel(last.Shape.Width), pass[last], selected);
        pass[states] = selected;
        if (last != states)
            pass.Step(encoderOnly ? "states.final_norm" : states.Name, NormKernelOf(states, addsResidual: false), selected, selected, states.Inputs.Skip(1).Select(_weights.Dense).ToArray());
        foreach (KeyValuePair<GraphOutput, Node> output in _graph.Outputs.OrderBy(output => output.Key))
        {
            if (encoderOnly)
                pass.OnlyFor = output.Key;
            if (output.Value == states)
                pass.Step("hidden_states", new CopyKernel(states.Shape.Width), selected, null);
            else if (output.Key != GraphOutput.HiddenStates)
                PlanOutput(output.Value, pass);
        }
        PlanEncoderStates();
    }

    /// <summary>The nodes between the states and an output, the last of which writes the result.</summary>
    private void PlanOutput(Node output, PassDraft pass)
    {
        var wanted = new SortedSet<int>();
        Collect(output);
        foreach (int id in wanted)
        {
            Node node = _graph.Nodes[id];
            bool toResult = node == output || (node.Operation is Linear && EpilogueOf(node).End == output);
            switch (node.Operation)
            {
                case FirstToken:
                    // The rows that are wanted then are each sequence's first.
                    pass[node] = pass[_graph.States];
                    break;
                case Linear:
                    PlanProduct(node, pass, toResult);
                    break;
                case LayerNorm or RmsNorm:
                    PlanNorm(node, pass, toResult);
                    break;
            }
        }

        void Collect(Node node)
        {
            if (!_heads.Contains(node) || node == _graph.States || !wanted.Add(node.Id))
                return;
            foreach (Node input in node.Inputs)
                Collect(input);
        }
    }

    /// <summary>Where a source is read, its states are a result too.</summary>
    private void PlanEncoderStates()
    {
        if (_encode is null)
            return;
        Node states = _graph.Outputs[GraphOutput.HiddenStates];
        _encode.Rows = StepRows.Outputs;
        _encode.OnlyFor = GraphOutput.HiddenStates;
        _encode.Step("hidden_states", new SelectKernel(states.Shape.Width), _encode[states], null);
    }
}
