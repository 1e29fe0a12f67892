using Formwork.Compiler.Graph;
using Formwork.Compiler.Ops;
using Formwork.TestSupport.Interpreter;
using Formwork.TestSupport.Specs;
using Xunit;

namespace Formwork.Compiler.Tests.Graph;

/// <summary>Each rule of the verifier, with a graph that breaks it.</summary>
public class GraphVerifierTests
{
    private readonly List<Node> _nodes = [];

    [Fact]
    public void ASoundGraphHasNoFaults()
    {
        var sketch = new GraphSketch(3);
        Node sum = sketch.Add("sum", new Add(), sketch.Rows("a", 4), sketch.Rows("b", 4));

        Assert.Empty(GraphVerifier.Verify(sketch.Graph(sum)));
    }

    [Fact]
    public void ANodeWhoseIdIsNotItsPlaceIsFound()
    {
        Node tokens = Add(0, "tokens", new TokenIds());
        Node table = Add(7, "table", new Parameter(Shape.Of(3, 4)));
        Node rows = Add(2, "rows", new Embedding(), tokens, table);

        IReadOnlyList<string> faults = Verify(rows);

        Assert.Contains("table: parameter: expected id 1, found 7", faults);
    }

    [Fact]
    public void TwoNodesOfOneNameAreFound()
    {
        Node tokens = Add(0, "tokens", new TokenIds());
        Node table = Add(1, "rows", new Parameter(Shape.Of(3, 4)));
        Node rows = Add(2, "rows", new Embedding(), tokens, table);

        Assert.Equal(["rows: embedding: expected a name of its own, found it twice"], Verify(rows));
    }

    [Fact]
    public void AnInputThatStandsAfterItsUserIsFound()
    {
        var later = new Node(2, "later", new Parameter(Shape.Of(3, 4)), []);
        Node tokens = Add(0, "tokens", new TokenIds());
        Node rows = Add(1, "rows", new Embedding(), tokens, later);
        _nodes.Add(later);

        Assert.Equal(["rows: embedding: expected inputs that stand before it, found later"], Verify(rows));
    }

    [Fact]
    public void AnInputOfAnotherGraphIsFound()
    {
        var foreign = new Node(1, "foreign", new Parameter(Shape.Of(3, 4)), []);
        Node tokens = Add(0, "tokens", new TokenIds());
        Add(1, "table", new Parameter(Shape.Of(3, 4)));
        Node rows = Add(2, "rows", new Embedding(), tokens, foreign);

        Assert.Equal(["rows: embedding: expected inputs that stand before it, found foreign"], Verify(rows));
    }

    [Fact]
    public void AValueThatNothingUsesIsFound()
    {
        Node tokens = Add(0, "tokens", new TokenIds());
        Node table = Add(1, "table", new Parameter(Shape.Of(3, 4)));
        Node rows = Add(2, "rows", new Embedding(), tokens, table);
        Add(3, "gain", new Parameter(Shape.Of(4)));

        Assert.Equal(["gain: parameter: expected a use, found none"], Verify(rows));
    }

    [Fact]
    public void PositionsThatNothingUsesAreNoFault()
    {
        Node tokens = Add(0, "tokens", new TokenIds());
        Add(1, "positions", new PositionIds());
        Node table = Add(2, "table", new Parameter(Shape.Of(3, 4)));
        Node rows = Add(3, "rows", new Embedding(), tokens, table);

        Assert.Empty(Verify(rows));
    }

    [Fact]
    public void AShapeThatIsNotTheRulesIsFound()
    {
        var operation = new Changeling { Result = Shape.Of(Dimension.Tokens, 4) };
        Node node = Add(0, "odd", operation);
        operation.Result = Shape.Of(Dimension.Tokens, 5);

        Assert.Equal(["odd: changeling: expected [tokens, 5], found [tokens, 4]"], Verify(node));
    }

    [Fact]
    public void AShapeRuleThatBreaksIsFound()
    {
        var operation = new Changeling { Result = Shape.Of(Dimension.Tokens, 4) };
        Node node = Add(0, "odd", operation);
        operation.Inputs = 1;

        Assert.Equal(["odd: changeling: expected 1 inputs, found 0"], Verify(node));
    }

    [Fact]
    public void AParameterWithoutADerivativeIsFound()
    {
        TrainingGraph graph = Differentiated();
        var gradients = graph.Gradients.Where(entry => entry.Key.Name != "a").ToDictionary();

        Assert.Empty(GraphVerifier.Verify(graph));
        Assert.Contains("a: parameter: expected a derivative, found none", GraphVerifier.Verify(graph with { Gradients = gradients }));
    }

    [Fact]
    public void ADerivativeOfAnotherShapeIsFound()
    {
        TrainingGraph graph = Differentiated();
        Node head = graph.Gradients.Single(entry => entry.Key.Name == "head").Value;
        var gradients = graph.Gradients.ToDictionary(entry => entry.Key, entry => entry.Key.Name == "a" ? head : entry.Value);

        Assert.Contains("a: parameter: expected a derivative [3, 4], found [5, 4]", GraphVerifier.Verify(graph with { Gradients = gradients }));
    }

    private static TrainingGraph Differentiated()
    {
        var sketch = new GraphSketch(3);
        return Differentiator.Differentiate(sketch.Graph(sketch.Add("logits", new Linear(), sketch.Rows("a", 4), sketch.Learned("head", 5, 4))));
    }

    private IReadOnlyList<string> Verify(Node output) => GraphVerifier.Verify(new ModelGraph(SmallSpecs.Gpt2(), _nodes, output));

    private Node Add(int id, string name, Operation operation, params Node[] inputs)
    {
        var node = new Node(id, name, operation, inputs);
        _nodes.Add(node);
        return node;
    }

    /// <summary>An operation whose shape rule changes after its node is made, as a faulty rewriting of the graph would have it.</summary>
    private sealed record Changeling : ForwardOperation
    {
        public required Shape Result { get; set; }

        public int Inputs { get; set; }

        public override string Word => "changeling";

        public override Shape InferShape(ShapeRule rule)
        {
            rule.Count(Inputs);
            return Result;
        }

        public override T Accept<T>(IOperationVisitor<T> visitor, Node node) => throw new NotSupportedException();
    }
}
