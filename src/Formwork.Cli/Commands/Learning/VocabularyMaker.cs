using Formwork.Compiler.Spec;
using Formwork.Runtime;
using Formwork.Training.Data;
using Formwork.Training.Tokenization;

namespace Formwork.Cli.Commands.Learning;

/// <summary>
/// Makes the tokenizer that a spec asks for of the texts to learn from: byte pairs, of sources and targets together, or characters. Its special
/// tokens are those that the spec has ids for, and those of BERT where masks are filled.
/// </summary>
/// <param name="spec">The spec.</param>
/// <param name="kind">How the files hold texts.</param>
/// <param name="fields">What the fields of JSON lines are called.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class VocabularyMaker(ModelSpec spec, DataKind kind, JsonFields fields, CancellationToken cancellation)
{
    private const string Begin = "<s>", End = "</s>", Cls = "[CLS]", Sep = "[SEP]";

    private static readonly SpecialToken[] OfBert =
    [
        new("[PAD]", SpecialTokenRole.Pad), new("[UNK]", SpecialTokenRole.Unknown), new(Cls, SpecialTokenRole.Cls), new(Sep, SpecialTokenRole.Sep),
        new("[MASK]", SpecialTokenRole.Mask),
    ];

    /// <summary>Makes a byte-pair vocabulary and writes its files.</summary>
    /// <param name="files">The texts.</param>
    /// <param name="size">Number of ids.</param>
    /// <param name="lowercase">Whether texts are read in lower case.</param>
    /// <param name="folder">Where the files go.</param>
    /// <exception cref="InvalidInputException">The spec's special tokens cannot be had, or a file cannot be read or written.</exception>
    public void MakeBytePairs(DataFiles files, int size, bool lowercase, string folder)
    {
        RequireTexts(files);
        bool plain = spec.Tokenizer.Kind == TokenizerKind.ByteBpe;
        if (plain && lowercase)
        {
            throw new InvalidInputException("--lowercase", null, "a tokenizer of the kind byte_bpe", "tokenizer_json, whose files can say so",
                "Write `tokenizer: {kind: tokenizer_json}` in the spec.");
        }
        // Of texts on lines of their own, the first word is the word it is elsewhere.
        var words = new WordCounts { Lowercase = lowercase, SpaceInFront = kind != DataKind.Stream && !plain, Cancellation = cancellation };
        foreach (string path in files.Texts.Concat(files.Targets))
        {
            if (kind == DataKind.JsonLines)
                words.AddJsonLines(path, fields);
            else if (kind == DataKind.Stream)
                words.AddTextFile(path);
            else
                words.AddLines(path);
        }
        (SpecialToken[] special, bool last) = Special(size);
        bool framed = spec.Architecture != Architecture.DecoderOnly && !plain;
        bool bert = spec.Architecture == Architecture.EncoderOnly;
        BpeTrainer.Train(words, new BpeTrainingOptions
        {
            VocabularySize = size,
            SpecialTokens = special,
            SpecialTokensLast = last,
            FrameBegin = framed && bert ? Cls : null,
            FrameEnd = !framed ? null : bert ? Sep : End,
            Cancellation = cancellation,
        }).Save(folder);
    }

    /// <summary>Makes a vocabulary of characters and writes its file.</summary>
    /// <param name="files">The texts, those to evaluate with among them: a character that is in those alone has an id too.</param>
    /// <param name="folder">Where the file goes.</param>
    /// <returns>Number of ids.</returns>
    /// <exception cref="InvalidInputException">The spec's special tokens cannot be had, or a file cannot be read or written.</exception>
    public int MakeCharacters(IReadOnlyList<DataFiles> files, string folder)
    {
        foreach (DataFiles some in files)
            RequireTexts(some);
        (SpecialToken[] special, bool last) = Special(spec.Vocabulary);
        if (last)
            throw Misplaced("the last ids");
        string[] paths = [.. files.SelectMany(some => some.Texts.Concat(some.Targets))], forms = [.. special.Select(token => token.Text)];
        CharacterVocabulary vocabulary = kind == DataKind.JsonLines
            ? CharacterVocabulary.OfTexts(paths.SelectMany(JsonTexts), string.Join(", ", paths), forms)
            : CharacterVocabulary.Of(paths, keepLineEnds: kind == DataKind.Stream, forms);
        vocabulary.Save(Path.Combine(folder, spec.Tokenizer.File ?? CharacterVocabulary.FileName));
        return vocabulary.Forms.Count;
    }

    private IEnumerable<string> JsonTexts(string path) => TextRecords.JsonLines(path, fields).SelectMany(record => new[] { record.Text, record.Target ?? "" });

    private static void RequireTexts(DataFiles files)
    {
        if (files.Texts.Concat(files.Targets).FirstOrDefault(path => path.EndsWith(".tokens", StringComparison.OrdinalIgnoreCase)) is { } tokens)
        {
            throw new InvalidInputException(
                tokens, null, "a token file", "texts, to make a vocabulary of", "Name the folder of the tokenizer that made the ids: --tokenizer.");
        }
    }

    // The ids that the spec names are the vocabulary's first or its last.
    private (SpecialToken[] Tokens, bool Last) Special(int size)
    {
        if (spec.Architecture == Architecture.EncoderOnly)
            return (OfBert, false);
        int? begin = spec.Generation.Start ?? spec.Tokenizer.BeginToken;
        int? end = spec.Tokenizer.EndTokens.Count > 0 ? spec.Tokenizer.EndTokens[0] : null;
        int[] ids = [.. new[] { begin, spec.Tokenizer.BeginToken }.OfType<int>().Concat(spec.Tokenizer.EndTokens).Distinct().Order()];
        if (ids.Length == 0)
            return ([], false);
        bool last = ids[0] != 0;
        if (!ids.Select(id => id - ids[0]).SequenceEqual(Enumerable.Range(0, ids.Length)) || (last && ids[^1] != size - 1))
            throw Misplaced(string.Join(", ", ids));
        return ([.. ids.Select(Token)], last);

        SpecialToken Token(int id) => id == end ? new SpecialToken(End, SpecialTokenRole.End)
            : id == begin ? new SpecialToken(Begin, SpecialTokenRole.Begin)
            : new SpecialToken($"<special_{id}>");
    }

    private InvalidInputException Misplaced(string found) => new(spec.Name, "tokenizer", $"begin and end tokens with the ids {found}",
        spec.Tokenizer.Kind == TokenizerKind.Characters ? "the ids from 0" : "the ids from 0, or the vocabulary's last ones",
        "Write them so in the spec: a vocabulary that is made has its special tokens there.");
}
