using System.Numerics.Tensors;
using Formwork.Runtime.Sampling;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Models;

/// <content>Texts in, answers out.</content>
public abstract unsafe partial class EncoderModel
{
    /// <summary>The states of a text, <c>[tokens, width]</c>, or of a pair of texts.</summary>
    /// <exception cref="InvalidInputException">There is no tokenizer, or the text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] Encode(string text, string? pair = null) => Encode([Tokenize(text, pair)])[0];

    /// <summary>A vector for each text, <c>[width]</c>, of texts that mean the same close together when the model was trained for that.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="pooling">How; null for what the model's spec says.</param>
    /// <exception cref="InvalidInputException">There is no tokenizer, or a text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[][] Embed(IReadOnlyList<string> texts, PoolingDescription? pooling = null) => Embed([.. texts.Select(text => Tokenize(text, null))], pooling);

    /// <summary>A vector for a text, <c>[width]</c>.</summary>
    /// <inheritdoc cref="Embed(IReadOnlyList{string}, PoolingDescription?)"/>
    public float[] Embed(string text, PoolingDescription? pooling = null) => Embed([text], pooling)[0];

    /// <summary>A vector for each sequence, <c>[width]</c>.</summary>
    /// <param name="inputs">The sequences.</param>
    /// <param name="pooling">How; null for what the model's spec says.</param>
    /// <exception cref="InvalidInputException">A sequence cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[][] Embed(IReadOnlyList<EncoderInput> inputs, PoolingDescription? pooling = null)
    {
        pooling ??= Description.Pooling;
        bool first = pooling.Kind == PoolingKind.First;
        float[][] states = Run(Work(inputs, first ? FirstRow : null), PassOutput.HiddenStates);
        for (int index = 0; index < states.Length; index++)
        {
            float[] vector = first ? states[index] : Mean(states[index], Description.Width);
            if (pooling.Normalize)
                Normalize(vector);
            states[index] = vector;
        }
        return states;
    }

    /// <summary>What could stand at each mask token of a text, best first.</summary>
    /// <param name="text">A text with the tokenizer's mask token, as <c>[MASK]</c> or <c>&lt;mask&gt;</c>, at least once.</param>
    /// <param name="top">How many candidates for each.</param>
    /// <exception cref="InvalidInputException">The model has no masked-language-model head or no mask token, or the text has none.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<MaskedToken> FillMask(string text, int top = 5) => FillMask(Tokenize(text, null, allowSpecial: true), MaskToken(), top);

    /// <summary>What could stand at each <paramref name="maskToken"/> of a sequence, best first.</summary>
    /// <inheritdoc cref="FillMask(string, int)"/>
    public IReadOnlyList<MaskedToken> FillMask(EncoderInput input, int maskToken, int top = 5) => FillMask([input], maskToken, top)[0];

    /// <summary>What could stand at each <paramref name="maskToken"/> of several sequences, best first.</summary>
    /// <inheritdoc cref="FillMask(string, int)"/>
    public IReadOnlyList<MaskedToken>[] FillMask(IReadOnlyList<EncoderInput> inputs, int maskToken, int top = 5)
    {
        RequirePart(Description.HasMaskedLanguageModel, "masked-language-model head", "unembedding:");
        if (top < 1 || top > Description.Vocabulary)
            throw new InvalidInputException(nameof(top), null, $"{top}", $"a number from 1 to {Description.Vocabulary}", "Ask for the few best.");
        int[][] masks = [.. inputs.Select(input => MasksOf(input, maskToken))];
        int without = Array.FindIndex(masks, positions => positions.Length == 0);
        if (without >= 0)
            throw new InvalidInputException("text", inputs.Count == 1 ? null : $"sequence {without}", "no mask token", "at least one", $"Write it where a token is to be guessed{MaskHint()}.");
        EncoderWork[] work = Work(inputs);
        float[][] logits = Run([.. work.Select((some, index) => some with { OutputRows = masks[index] })], PassOutput.Logits);
        return [.. logits.Select((rows, index) => (IReadOnlyList<MaskedToken>)[.. masks[index].Select((position, mask) => Filling(position, rows, mask, top))])];
    }

    /// <summary>
    /// Each text with the likeliest token at each of its masks, as the tokenizer decodes it: special tokens are no text, and what the tokenizer
    /// does not tell apart, such as capitals, is lost.
    /// </summary>
    /// <inheritdoc cref="FillMask(string, int)"/>
    public string[] FillText(IReadOnlyList<string> texts)
    {
        EncoderInput[] inputs = [.. texts.Select(text => Tokenize(text, null, allowSpecial: true))];
        IReadOnlyList<MaskedToken>[] found = FillMask(inputs, MaskToken(), top: 1);
        return [.. inputs.Select((input, index) => Filled(input, found[index]))];

        string Filled(EncoderInput input, IReadOnlyList<MaskedToken> masks)
        {
            int[] tokens = [.. input.Tokens];
            foreach (MaskedToken mask in masks)
                tokens[mask.Position] = mask.Candidates[0].Token;
            return RequireTokenizer().Decode(tokens);
        }
    }

    /// <summary>
    /// The probability of each label for a text or a pair of texts, <c>[labels]</c>: a softmax over the labels, or with one label its logistic
    /// function, as models that score pairs use it.
    /// </summary>
    /// <exception cref="InvalidInputException">The model has no classifier or no tokenizer, or the text is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] Classify(string text, string? pair = null) => Classify([Tokenize(text, pair)])[0];

    /// <summary>The probability of each label for several texts, each <c>[labels]</c>.</summary>
    /// <inheritdoc cref="Classify(string, string?)"/>
    public float[][] Classify(IReadOnlyList<string> texts) => Classify([.. texts.Select(text => Tokenize(text, null))]);

    /// <summary>The probability of each label for several sequences, each <c>[labels]</c>.</summary>
    /// <inheritdoc cref="Classify(string, string?)"/>
    public float[][] Classify(IReadOnlyList<EncoderInput> inputs)
    {
        float[][] labels = LabelLogits(inputs);
        foreach (float[] row in labels)
        {
            if (row.Length == 1)
                row[0] = 1 / (1 + MathF.Exp(-row[0]));
            else
                Softmax(row);
        }
        return labels;
    }

    private EncoderInput Tokenize(string text, string? pair, bool allowSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        TokenizedText tokenized = RequireTokenizer().EncodeForModel(text, pair, allowSpecial);
        // A tokenizer gives types whether or not the model tells them apart.
        return new EncoderInput(tokenized.Ids, Description.TokenTypes > 0 ? tokenized.TypeIds : null);
    }

    private int MaskToken() => RequireTokenizer().MaskToken ?? throw new InvalidInputException(
        RequireTokenizer().Source, null, "no mask token", "one, as the tokenizers of masked-language models have it", "Use the tokenizer that the model was trained with, or give token ids.");

    private string MaskHint() => Tokenizer?.MaskToken is { } mask ? $": {Tokenizer.WrittenForm(mask)}" : "";

    private static int[] MasksOf(EncoderInput input, int maskToken) =>
        [.. Enumerable.Range(0, input.Tokens.Count).Where(position => input.Tokens[position] == maskToken)];

    private MaskedToken Filling(int position, float[] logits, int mask, int top) =>
        new(position, Candidates(logits.AsSpan(mask * Description.Vocabulary, Description.Vocabulary), top));

    private TokenCandidate[] Candidates(Span<float> logits, int top)
    {
        Softmax(logits);
        var keys = new ulong[logits.Length];
        for (int token = 0; token < keys.Length; token++)
            keys[token] = TokenKey.OfProbability(logits[token], token);
        Array.Sort(keys);
        var candidates = new TokenCandidate[top];
        for (int index = 0; index < top; index++)
        {
            int token = TokenKey.Token(keys[index]);
            bool written = Tokenizer is not null && token < Tokenizer.VocabularySize;
            candidates[index] = new TokenCandidate(token, written ? Tokenizer!.WrittenForm(token) : $"{token}", logits[token]);
        }
        return candidates;
    }

    private static void Softmax(Span<float> logits)
    {
        // The greatest is subtracted, so that exp cannot overflow.
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        TensorPrimitives.SoftMax<float>(logits, logits);
    }

    // In float64, so that a long text's mean is as good as a short one's.
    private static float[] Mean(float[] states, int width)
    {
        var mean = new float[width];
        int rows = states.Length / width;
        for (int column = 0; column < width; column++)
        {
            double sum = 0;
            for (int row = 0; row < rows; row++)
                sum += states[row * width + column];
            mean[column] = (float)(sum / rows);
        }
        return mean;
    }

    private static void Normalize(float[] vector)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        // The zero vector has no direction and stays.
        if (squares == 0)
            return;
        double length = Math.Sqrt(squares);
        for (int index = 0; index < vector.Length; index++)
            vector[index] = (float)(vector[index] / length);
    }
}
