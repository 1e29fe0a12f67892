namespace Formwork.Runtime.Models;

/// <summary>One checked sequence on its way through an encoder.</summary>
internal sealed record EncoderWork
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Its ids; empty when vectors are given.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>The tokens' types; null for 0 everywhere.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary>Its vectors <c>[rows, width]</c>; null when ids are given.</summary>
    public float[]? Vectors { get; init; }

    /// <summary>The rows that something is wanted of, ascending; null for all.</summary>
    public int[]? OutputRows { get; init; }

    /// <summary>Where an encoder-decoder model's keys and values of the sequence go; else null.</summary>
    public KeyValueCache? Memory { get; init; }

    /// <summary>Checks a sequence of ids.</summary>
    /// <param name="input">The sequence.</param>
    /// <param name="description">The model.</param>
    /// <param name="context">The most positions it can have.</param>
    /// <param name="vocabulary">Number of its ids.</param>
    /// <param name="argument">What the ids are called in messages.</param>
    /// <param name="where">Which sequence it is, with a comma; empty when there is one.</param>
    /// <exception cref="InvalidInputException">The encoder cannot read it.</exception>
    public static EncoderWork Of(EncoderInput input, ModelDescription description, int context, int vocabulary, string argument, string where)
    {
        if (description.VectorInput)
            throw new InvalidInputException(argument, null, "token ids", $"vectors of {description.Width} numbers: {description.Name}'s input comes from a front end", "Call EncodeVectors.");
        TokenCheck.Length(description, input.Tokens.Count, context, argument, where);
        TokenCheck.Ids(input.Tokens, vocabulary, argument, where);
        TokenCheck.Types(input.TokenTypes, input.Tokens.Count, description.TokenTypes, where);
        return new EncoderWork { Rows = input.Tokens.Count, Tokens = input.Tokens, TokenTypes = input.TokenTypes };
    }

    /// <summary>Checks vectors from a front end, <c>[rows, width]</c>.</summary>
    /// <exception cref="InvalidInputException">The encoder cannot read them.</exception>
    public static EncoderWork Of(float[,] vectors, ModelDescription description, int context)
    {
        int rows = vectors.GetLength(0), width = vectors.GetLength(1);
        if (!description.VectorInput)
            throw new InvalidInputException("vectors", null, "vectors", $"token ids, which {description.Name} embeds itself", "Call Encode.");
        if (width != description.Width)
            throw new InvalidInputException("vectors", null, $"width {width}", $"{description.Width}, the model's width", "Use the front end that belongs to the model.");
        if (rows == 0 || rows > context)
            throw new InvalidInputException("vectors", null, $"{rows} rows", $"1 to {context}, the model's context", "Split the input.");
        var flat = new float[checked(rows * width)];
        Buffer.BlockCopy(vectors, 0, flat, 0, flat.Length * sizeof(float));
        int bad = Array.FindIndex(flat, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new InvalidInputException("vectors", $"[{bad / width}, {bad % width}]", $"{flat[bad]}", "finite numbers", "Look at the front end's output.");
        return new EncoderWork { Rows = rows, Vectors = flat };
    }
}
