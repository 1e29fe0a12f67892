using Formwork.Runtime.Threading;

namespace Formwork.Runtime.Models;

/// <summary>
/// A compiled encoder-only model: the base class of the generated types. Sequences of different lengths go through in one pass, packed; what
/// else is in the pass changes no bit of a sequence's result.
/// </summary>
public abstract unsafe partial class EncoderModel : TransformerModel
{
    private readonly EncoderPass _encoderPass;
    private readonly Action _run;

    /// <summary>Takes over the parts; generated constructors call it.</summary>
    protected EncoderModel(ModelParts parts)
        : base(parts, Math.Max(parts.Options.MaxPassTokens, parts.Description.Context))
    {
        _encoderPass = new EncoderPass(Description, MaxPassTokens);
        Action<Worker> pass = worker => Forward(Batch, worker);
        _run = () => RunPass(pass);
    }

    /// <summary>One pass: generated. Runs on each worker of the team.</summary>
    protected abstract void Forward(Batch batch, Worker worker);

    /// <summary>The states after the last layer, <c>[tokens, width]</c>.</summary>
    /// <param name="tokens">The sequence's ids, special tokens included.</param>
    /// <param name="tokenTypes">The type of each; empty for 0 everywhere.</param>
    /// <exception cref="InvalidInputException">There is no token, there are too many, or an id or type is not the model's.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] Encode(ReadOnlySpan<int> tokens, ReadOnlySpan<int> tokenTypes = default) => Encode([Input(tokens, tokenTypes)])[0];

    /// <summary>The states of several sequences, each <c>[tokens, width]</c>.</summary>
    /// <exception cref="InvalidInputException">A sequence cannot be read; the message says which and why.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[][] Encode(IReadOnlyList<EncoderInput> inputs) => Run(Work(inputs), PassOutput.HiddenStates);

    /// <summary>
    /// The states of a padded batch, <c>[batch, length, width]</c>; those of masked tokens are zeros. A sequence's first token has position
    /// 0, wherever it stands in its row.
    /// </summary>
    /// <param name="tokens">Ids <c>[batch, length]</c>; what stands at masked places is not looked at.</param>
    /// <param name="mask">1 for a token and 0 for padding, <c>[batch, length]</c>; each row's ones stand together.</param>
    /// <param name="tokenTypes">Types <c>[batch, length]</c>; null for 0 everywhere.</param>
    /// <exception cref="InvalidInputException">Sizes differ, a row has no token or a hole, or an id or type is not the model's.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] EncodePadded(int[,] tokens, int[,] mask, int[,]? tokenTypes = null)
    {
        var batch = new PaddedBatch(tokens, mask, tokenTypes);
        return batch.Spread(Encode(batch.Inputs), Description.Width);
    }

    /// <summary>The states of a model whose input is vectors, <c>[rows, width]</c>.</summary>
    /// <param name="vectors">What the front end made of one input, <c>[rows, width]</c>.</param>
    /// <exception cref="InvalidInputException">The model takes tokens, or the vectors are too many, of another width, or not finite.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] EncodeVectors(float[,] vectors) => Run([VectorWork(vectors)], PassOutput.HiddenStates)[0];

    /// <summary>The pooler's output over a sequence's first token, <c>[width]</c>.</summary>
    /// <exception cref="InvalidInputException">The model has no pooler, or the sequence cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] Pool(ReadOnlySpan<int> tokens, ReadOnlySpan<int> tokenTypes = default) => Pool([Input(tokens, tokenTypes)])[0];

    /// <summary>The pooler's output of several sequences, each <c>[width]</c>.</summary>
    /// <exception cref="InvalidInputException">The model has no pooler, or a sequence cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[][] Pool(IReadOnlyList<EncoderInput> inputs)
    {
        RequirePart(Description.HasPooler, "pooler", "pooler:");
        return Run(Work(inputs, FirstRow), PassOutput.Pooled);
    }

    /// <summary>The pooler's output of a model whose input is vectors, <c>[width]</c>.</summary>
    /// <param name="vectors">What the front end made of one input, <c>[rows, width]</c>.</param>
    /// <exception cref="InvalidInputException">The model has no pooler, or the vectors cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] PoolVectors(float[,] vectors)
    {
        RequirePart(Description.HasPooler, "pooler", "pooler:");
        return Run([VectorWork(vectors) with { OutputRows = [0] }], PassOutput.Pooled)[0];
    }

    /// <summary>The classifier's logits of a model whose input is vectors (ViT), <c>[labels]</c>.</summary>
    /// <param name="vectors">What the front end made of one input, <c>[rows, width]</c>.</param>
    /// <exception cref="InvalidInputException">The model has no classifier, or the vectors cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] LabelLogitsOfVectors(float[,] vectors)
    {
        RequirePart(Description.Labels > 0, "classifier", "classifier:");
        return Run([VectorWork(vectors) with { OutputRows = [0] }], PassOutput.Labels)[0];
    }

    /// <summary>The logits of what each token is, <c>[tokens, vocabulary]</c>, by the masked-language-model head.</summary>
    /// <exception cref="InvalidInputException">The model has no such head, or the sequence cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] Logits(ReadOnlySpan<int> tokens, ReadOnlySpan<int> tokenTypes = default)
    {
        RequirePart(Description.HasMaskedLanguageModel, "masked-language-model head", "unembedding:");
        return Run(Work([Input(tokens, tokenTypes)]), PassOutput.Logits)[0];
    }

    /// <summary>The classifier's logits of several sequences, each <c>[labels]</c>.</summary>
    /// <exception cref="InvalidInputException">The model has no classifier, or a sequence cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[][] LabelLogits(IReadOnlyList<EncoderInput> inputs)
    {
        RequirePart(Description.Labels > 0, "classifier", "classifier:");
        return Run(Work(inputs, FirstRow), PassOutput.Labels);
    }

    private static int[] FirstRow(EncoderInput input) => [0];

    private EncoderWork VectorWork(float[,] vectors) => EncoderWork.Of(vectors, Description, Description.Context);

    private static EncoderInput Input(ReadOnlySpan<int> tokens, ReadOnlySpan<int> tokenTypes) =>
        new(tokens.ToArray(), tokenTypes.IsEmpty ? null : tokenTypes.ToArray());

    /// <summary>Runs all sequences in as few passes as they need; one result each, <c>[its outputs, width of what is wanted]</c>.</summary>
    private float[][] Run(IReadOnlyList<EncoderWork> work, PassOutput wanted)
    {
        int width = wanted switch
        {
            PassOutput.Logits => Description.Vocabulary,
            PassOutput.Labels => Description.Labels,
            _ => Description.Width,
        };
        var results = new float[work.Count][];
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            for (int first = 0; first < work.Count; first += _encoderPass.SequenceCount)
            {
                _encoderPass.Fill(work, first);
                _encoderPass.Run(Batch, wanted, _run);
                for (int index = 0, output = 0; index < _encoderPass.SequenceCount; index++)
                    results[first + index] = Take(wanted, ref output, work[first + index].OutputRows?.Length ?? work[first + index].Rows, width);
            }
        }
        return results;
    }

    private float[] Take(PassOutput wanted, ref int output, int count, int width)
    {
        var taken = new float[checked(count * width)];
        for (int index = 0; index < count; index++, output++)
            Result(wanted, output, width).CopyTo(taken.AsSpan(index * width));
        return taken;
    }

    private EncoderWork[] Work(IReadOnlyList<EncoderInput> inputs, Func<EncoderInput, int[]>? outputs = null)
    {
        var work = new EncoderWork[inputs.Count];
        for (int index = 0; index < work.Length; index++)
        {
            string where = inputs.Count == 1 ? "" : $"sequence {index}, ";
            work[index] = EncoderWork.Of(inputs[index], Description, Description.Context, Description.Vocabulary, "tokens", where) with { OutputRows = outputs?.Invoke(inputs[index]) };
        }
        return work;
    }

    private void RequirePart(bool present, string part, string key)
    {
        if (!present)
            throw new InvalidInputException(Description.Name, part, "none", $"a model with a {part}", $"Write `{key}` in the spec, and load weights that have it.");
    }

    private protected override void DisposeParts() => _encoderPass.Dispose();
}
