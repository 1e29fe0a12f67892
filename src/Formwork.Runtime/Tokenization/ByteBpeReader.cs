namespace Formwork.Runtime.Tokenization;

/// <summary>Reads GPT-2's pair of files: a JSON map of tokens to ids, and a text file with one merge a line, best first.</summary>
internal static class ByteBpeReader
{
    public static PipelineTokenizer Load(string vocabularyPath, string mergesPath)
    {
        Vocabulary vocabulary;
        using (JsonFile file = JsonFile.Open(vocabularyPath))
            vocabulary = Vocabulary.Read(file.Root);
        List<(string Left, string Right)> merges = ReadMerges(mergesPath, vocabulary);

        // What no merge makes and is no byte cannot come from text: <|endoftext|> and its like.
        HashSet<string> made = [.. merges.Select(merge => merge.Left + merge.Right)];
        var special = new AddedTokens(vocabulary.Ids.Where(entry => !made.Contains(entry.Key) && !IsByte(entry.Key))
            .Select(entry => new AddedToken(entry.Key, entry.Value, Special: true)));
        var model = new ByteLevelBpe(vocabularyPath, vocabulary, merges, wholeWordsFirst: false);
        return new PipelineTokenizer(vocabularyPath, special, null, RegexSplitter.Gpt2, model, new ByteLevelDecoder());
    }

    private static bool IsByte(string form) => form.Length == 1 && ByteLevelAlphabet.TryByte(form[0], out _);

    private static List<(string Left, string Right)> ReadMerges(string path, Vocabulary vocabulary)
    {
        string[] lines = TokenizerFile.ReadLines(path);
        var merges = new List<(string, string)>(lines.Length);
        var seen = new Dictionary<(string, string), int>(lines.Length);
        for (int index = lines[0].StartsWith("#version", StringComparison.Ordinal) ? 1 : 0; index < lines.Length; index++)
        {
            if (string.IsNullOrWhiteSpace(lines[index]))
                continue;
            if (lines[index].Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw Wrong(path, index, PlainText.Quoted(lines[index]), "two tokens with one space between");
            foreach (string token in new[] { left, right, left + right })
            {
                if (!vocabulary.Ids.ContainsKey(token))
                    throw Wrong(path, index, $"a merge with {PlainText.Quoted(token)}, which the vocabulary lacks", "tokens of the vocabulary");
            }
            if (!seen.TryAdd((left, right), index))
                throw Wrong(path, index, $"the merge of {TokenizerFile.Line(seen[(left, right)])} again", "each merge once");
            merges.Add((left, right));
        }
        return merges;
    }

    private static InvalidInputException Wrong(string path, int line, string found, string expected) =>
        new(path, TokenizerFile.Line(line), found, expected, "Take vocabulary and merges from the same model.");
}
