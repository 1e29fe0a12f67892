using Formwork.Runtime;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class TokenBuilderTests
{
    private static readonly TextEncoder Plain = new(new LetterTokenizer());
    private static readonly TextEncoder Framed = new(new LetterTokenizer(), Framed: true);

    [Fact]
    public void TextsThatAreEmptyOrTooLongAreLeftOutAndCounted()
    {
        var list = new TokenList(31);
        var labels = new List<int>();
        TextRecord[] records = [new("f", 1, "ab", Label: 3), new("f", 2, " "), new("f", 3, "abcd"), new("f", 4, ""), new("f", 5, "abc", Label: 1)];

        BuildCounts counts = TokenBuilder.Sequences(records, Plain, 3, list, labels);

        Assert.Equal(new BuildCounts(2, 2, 1), counts);
        Assert.Equal(["ab", "abc"], Texts(list));
        Assert.Equal([3, 1], labels);
    }

    [Fact]
    public void WhiteSpaceIsEmptyThoughFramed()
    {
        var list = new TokenList(31);

        Assert.Equal(new BuildCounts(1, 1, 0), TokenBuilder.Sequences([new("f", 1, "  "), new("f", 2, "a")], Framed, 9, list));
        Assert.Equal([LetterTokenizer.Cls, LetterTokenizer.FirstLetter, LetterTokenizer.Sep], ((ITokenSequences)list).Read(0));
    }

    [Fact]
    public void PairsStayPairsWhenOneTextCannotBeUsed()
    {
        TokenList sources = new(31), targets = new(31);
        TextRecord[] records = [new("f", 1, "a", "b"), new("f", 2, "a", ""), new("f", 3, "", "b"), new("f", 4, "aaaa", "b"), new("f", 5, "a", "bbb"), new("f", 6, "aaa", "bb")];

        BuildCounts counts = TokenBuilder.Pairs(records, Plain, Plain, 3, 2, sources, targets);

        Assert.Equal(new BuildCounts(2, 2, 2), counts);
        Assert.Equal(["a", "aaa"], Texts(sources));
        Assert.Equal(["b", "bb"], Texts(targets));
    }

    [Fact]
    public void AStreamIsOneSequence()
    {
        using var folder = new TemporaryFolder();
        var list = new TokenList(31);

        TokenBuilder.Stream(folder.Write("a.txt", "ab\n\nc\n"u8), Plain, list);
        TokenBuilder.Stream(folder.Write("b.txt", "d"u8), Plain, list);
        list.EndSequence();

        Assert.Equal(["abcd"], Texts(list));
    }

    [Fact]
    public void WhatTheVocabularyCannotWriteIsToldWithFileAndLine()
    {
        var error = Assert.Throws<InvalidInputException>(() => TokenBuilder.Sequences([new("some.txt", 7, "ab?")], Plain, 9, new TokenList(31)));

        Assert.Equal(("some.txt", "the text from line 7 on, character 3", "'?'"), (error.InputSource, error.Place, error.Found));
    }

    private static string[] Texts(ITokenSequences sequences) =>
        [.. Enumerable.Range(0, sequences.Count).Select(sequence => string.Concat(sequences.Read(sequence).Select(id => (char)(id - LetterTokenizer.FirstLetter + 'a'))))];
}
