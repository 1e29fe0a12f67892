using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>Whether ids are a vocabulary's.</summary>
internal static class TokenIds
{
    /// <exception cref="InvalidInputException">An id is not from 0 to <paramref name="vocabulary"/> − 1.</exception>
    public static void Check(ReadOnlySpan<int> ids, int vocabulary, string source, long first)
    {
        for (int index = 0; index < ids.Length; index++)
        {
            if ((uint)ids[index] >= (uint)vocabulary)
                throw new InvalidInputException(source, $"token {first + index}", $"{ids[index]}", $"an id from 0 to {vocabulary - 1}",
                    "Make the ids with the tokenizer that belongs to the vocabulary.");
        }
    }
}
