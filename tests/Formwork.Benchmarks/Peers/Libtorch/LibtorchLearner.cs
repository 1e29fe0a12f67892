using Formwork.Benchmarks.Limits;
using Formwork.Benchmarks.SideBySide;
using Formwork.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Formwork.Benchmarks.Peers.Libtorch;

/// <summary>
/// The step around a model of libtorch's. TorchSharp's own AdamW is six operations a parameter; libtorch has one for all parameters at once,
/// which its users get by <c>AdamW(…, fused=True)</c> and which a script reaches from here.
/// </summary>
internal sealed class LibtorchLearner : IDisposable
{
    private const string Script = """
        def clip(gradients: List[Tensor], most: float) -> Tensor:
            norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients)))
            torch._foreach_mul_(gradients, torch.clamp(most / (norm + 1e-6), max=1.0))
            return norm

        def update(weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(weights, gradients, means, squares, [], steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay,
                eps=epsilon, amsgrad=False, maximize=False)
            return steps[0]

        """;

    private readonly jit.CompilationUnit _script = jit.compile(Script);
    private readonly Tensor[] _weights;
    private readonly Group _matrices;
    private readonly Group _vectors;
    private readonly Func<bool, Tensor> _loss;
    private readonly AdamWOptions _options;
    private readonly double _clippedNorm;

    /// <summary>A learner of weights.</summary>
    /// <param name="weights">The weights, which from now on have gradients.</param>
    /// <param name="loss">The mean loss; says whether dropout drops.</param>
    /// <param name="options">The optimizer's; matrices decay, vectors do not.</param>
    /// <param name="clippedNorm">The norm that gradients are clipped to.</param>
    public LibtorchLearner(IEnumerable<Tensor> weights, Func<bool, Tensor> loss, AdamWOptions options, double clippedNorm)
    {
        (_loss, _options, _clippedNorm) = (loss, options, clippedNorm);
        _weights = [.. weights];
        foreach (var weight in _weights)
            weight.requires_grad_(true);
        _matrices = new Group([.. _weights.Where(weight => weight.dim() > 1)], options.WeightDecay);
        _vectors = new Group([.. _weights.Where(weight => weight.dim() == 1)], 0);
    }

    /// <inheritdoc cref="ITrainingContender.Check"/>
    public TrainingCheck Check()
    {
        using var scope = NewDisposeScope();
        var loss = Loss(false);
        loss.backward();
        using var grad = no_grad();
        var squares = _weights.Sum(weight => weight.grad!.square().sum(ScalarType.Float64).ToDouble());
        ForgetGradients();
        return new TrainingCheck(loss.ToDouble(), Math.Sqrt(squares));
    }

    /// <inheritdoc cref="ITrainingContender.Step"/>
    /// <param name="learningRate">The step's learning rate.</param>
    public TrainingTurn Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        var begin = Clock.Now;
        var loss = Loss(true);
        var forward = Clock.Now - begin;

        begin = Clock.Now;
        loss.backward();
        var backward = Clock.Now - begin;

        begin = Clock.Now;
        using (no_grad())
        {
            _script.invoke("clip", _weights.Select(weight => weight.grad!).ToArray(), _clippedNorm);
            Update(_matrices, learningRate);
            Update(_vectors, learningRate);
            ForgetGradients();
        }

        return new TrainingTurn(forward, backward, Clock.Now - begin);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _script.Dispose();
        _matrices.Dispose();
        _vectors.Dispose();
    }

    // What the backward pass needs it holds itself; all else goes when the scope ends, as where references are counted.
    private Tensor Loss(bool dropping)
    {
        using var scope = NewDisposeScope();
        return _loss(dropping).MoveToOuterDisposeScope();
    }

    private void Update(Group group, double learningRate) => _script.invoke(
        "update", group.Weights, group.Weights.Select(weight => weight.grad!).ToArray(), group.Means, group.Squares, group.Steps, learningRate,
        _options.Beta1, _options.Beta2, _options.Epsilon, group.Decay);

    private void ForgetGradients()
    {
        foreach (var weight in _weights)
            weight.grad = null;
    }

    private sealed class Group : IDisposable
    {
        public Group(Tensor[] weights, double decay)
        {
            (Weights, Decay) = (weights, decay);
            using var grad = no_grad();
            Means = [.. weights.Select(weight => zeros_like(weight).DetachFromDisposeScope())];
            Squares = [.. weights.Select(weight => zeros_like(weight).DetachFromDisposeScope())];
            Steps = [.. weights.Select(_ => zeros(Array.Empty<long>()).DetachFromDisposeScope())];
        }

        public Tensor[] Weights { get; }

        public double Decay { get; }

        public Tensor[] Means { get; }

        public Tensor[] Squares { get; }

        public Tensor[] Steps { get; }

        public void Dispose()
        {
            foreach (var tensor in (Tensor[])[.. Means, .. Squares, .. Steps])
                tensor.Dispose();
        }
    }
}
