using Formwork.Runtime.Tokenization.HuggingFace;

namespace Formwork.Runtime.Tokenization;

/// <summary>Reads GPT-2's pair of files: a JSON map of tokens to ids, and a text file with one merge a line, best first.</summary>
internal static class ByteBpeReader
{
    public static PipelineTokenizer Load(string vocabularyPath, string mergesPath, TokenizerConfig config)
    {
        Vocabulary vocabulary;
        using (JsonFile file = JsonFile.Open(vocabularyPath))
            vocabulary = Vocabulary.Read(file.Root);
        MergeList merges = ReadMerges(mergesPath, vocabulary);

        // What no merge makes and is no byte cannot come from text: <|endoftext|> and its like.
        HashSet<string> made = [.. merges.Merges.Select(merge => merge.Left + merge.Right)];
        AddedTokens special = config.Complete(vocabulary.Ids.Where(entry => !made.Contains(entry.Key) && !IsByte(entry.Key))
            .Select(entry => new AddedToken(entry.Key, entry.Value, Special: true)), form => vocabulary.TryFind(form, out int id) ? id : null);
        var model = new ByteLevelBpe(vocabularyPath, vocabulary, merges, wholeWordsFirst: false);
        return new PipelineTokenizer(vocabularyPath, special, null, RegexSplitter.Gpt2, model, new TokenDecoder.ByteLevel());
    }

    private static bool IsByte(string form) => form.Length == 1 && ByteLevelAlphabet.TryByte(form[0], out _);

    private static MergeList ReadMerges(string path, Vocabulary vocabulary)
    {
        string[] lines = TokenizerFile.ReadLines(path);
        var merges = new MergeList(vocabulary);
        for (int index = lines[0].StartsWith("#version", StringComparison.Ordinal) ? 1 : 0; index < lines.Length; index++)
        {
            if (string.IsNullOrWhiteSpace(lines[index]))
                continue;
            string[] pair = lines[index].Split(' ');
            string? problem = pair.Length == 2 ? merges.TryAdd(pair[0], pair[1]) : PlainText.Quoted(lines[index]);
            if (problem is not null)
                throw Wrong(path, index, problem, "two tokens of the vocabulary with one space between, each pair once");
        }
        return merges;
    }

    private static InvalidInputException Wrong(string path, int line, string found, string expected) =>
        new(path, TokenizerFile.Line(line), found, expected, "Take vocabulary and merges from the same model.");
}
