namespace Formwork.Runtime.Models;

/// <summary>Whether a stack can read a sequence: each message names the sequence and the token.</summary>
internal static class TokenCheck
{
    /// <summary>Throws unless every id is one of the vocabulary's.</summary>
    public static void Ids(IReadOnlyList<int> tokens, int vocabulary, string argument, string where = "")
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            if ((uint)tokens[index] >= (uint)vocabulary)
                throw new InvalidInputException(argument, $"{where}token {index}", $"{tokens[index]}", $"an id from 0 to {vocabulary - 1}", "Use the tokenizer that belongs to the model.");
        }
    }

    /// <summary>Throws unless there are between one and <paramref name="context"/> tokens.</summary>
    public static void Length(ModelDescription description, int count, int context, string argument, string where = "")
    {
        string? place = where.Length == 0 ? null : where.TrimEnd(' ', ',');
        if (count == 0)
            throw new InvalidInputException(argument, place, "no tokens", "at least one", "Leave empty texts out, or let the tokenizer put its special tokens around them.");
        if (count > context)
            throw new InvalidInputException(argument, place, $"{count} tokens", $"at most {context}, the model's context", description.TooLongRemedy);
    }

    /// <summary>Throws unless there is a type for each token, and the model knows it.</summary>
    public static void Types(IReadOnlyList<int>? types, int tokens, int known, string where = "")
    {
        if (types is null)
            return;
        string? place = where.Length == 0 ? null : where.TrimEnd(' ', ',');
        if (known == 0)
            throw new InvalidInputException("token types", place, $"{types.Count} of them", "none: the model does not tell types apart", "Leave them out.");
        if (types.Count != tokens)
            throw new InvalidInputException("token types", place, $"{types.Count}", $"one a token, {tokens}", "Give as many types as tokens.");
        for (int index = 0; index < types.Count; index++)
        {
            if ((uint)types[index] >= (uint)known)
                throw new InvalidInputException("token types", $"{where}token {index}", $"{types[index]}", $"a type from 0 to {known - 1}", "Give 0 for a first text and 1 for a second.");
        }
    }
}
