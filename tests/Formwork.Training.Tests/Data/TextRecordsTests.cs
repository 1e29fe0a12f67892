using System.Text;
using Formwork.Runtime;
using Formwork.TestSupport;
using Formwork.Training.Data;
using Xunit;

namespace Formwork.Training.Tests.Data;

public class TextRecordsTests
{
    [Fact]
    public void ParallelLinesArePaired()
    {
        using var folder = new TemporaryFolder();
        string source = folder.Write("en", "one\ntwo\n"u8), target = folder.Write("de", "eins\nzwei"u8);

        Assert.Equal([new TextRecord(source, 1, "one", "eins"), new TextRecord(source, 2, "two", "zwei")], TextRecords.Parallel(source, target));
    }

    [Theory]
    [InlineData("a\nb\nc\n", "a\n", "1 lines", "3")]
    [InlineData("a\n", "a\nb\nc\nd\n", "4 lines", "1")]
    [InlineData("", "a\n", "1 lines", "0")]
    public void FilesOfUnequalLengthAreToldWithBothCounts(string sources, string targets, string found, string expected)
    {
        using var folder = new TemporaryFolder();
        string source = folder.Write("en", Encoding.UTF8.GetBytes(sources)), target = folder.Write("de", Encoding.UTF8.GetBytes(targets));

        var error = Assert.Throws<InvalidInputException>(() => TextRecords.Parallel(source, target).Count());

        Assert.Equal((target, found, $"{expected}, as many as {source} has"), (error.InputSource, error.Found, error.Expected));
    }

    [Fact]
    public void JsonFieldsAreFoundByTheirNames()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.jsonl", """
            {"text": "a\nb", "label": 2, "more": [1]}

            {"label": 0, "text": "ä"}
            """u8);

        Assert.Equal([new TextRecord(path, 1, "a\nb", null, 2), new TextRecord(path, 3, "ä", null, 0)], TextRecords.JsonLines(path, JsonFields.Labelled));
        Assert.Equal([new TextRecord(path, 1, "a\nb"), new TextRecord(path, 3, "ä")], TextRecords.JsonLines(path));
    }

    [Fact]
    public void JsonPairsAreFoundByTheirNames()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.jsonl", """{"target": "b", "source": "a", "en": "c"}"""u8);

        Assert.Equal([new TextRecord(path, 1, "a", "b")], TextRecords.JsonLines(path, JsonFields.Pairs));
        Assert.Equal([new TextRecord(path, 1, "c", "b")], TextRecords.JsonLines(path, new JsonFields("en", "target")));
    }

    [Theory]
    [InlineData("""{"text": "a" """, "broken JSON", "a JSON object a line")]
    [InlineData("plain text", "broken JSON", "a JSON object a line")]
    [InlineData("[1]", "JSON of the kind Array", "an object")]
    [InlineData("""{"body": "a", "label": 1}""", "the fields \"body\", \"label\"", "a field \"text\"")]
    [InlineData("""{"text": 3, "label": 1}""", "\"text\" of the kind Number", "a text")]
    [InlineData("""{"text": "\ud800", "label": 1}""", "half a surrogate pair in \"text\"", "a text of whole characters")]
    [InlineData("""{"text": "a", "label": "good"}""", "\"label\": \"good\"", "the number of a class, from 0")]
    [InlineData("""{"text": "a", "label": -1}""", "\"label\": -1", "the number of a class, from 0")]
    [InlineData("""{"text": "a", "label": 1.5}""", "\"label\": 1.5", "the number of a class, from 0")]
    public void ABrokenJsonLineIsToldWithItsNumber(string line, string found, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.jsonl", Encoding.UTF8.GetBytes($$"""{"text": "a", "label": 1}""" + "\n" + line + "\n"));

        var error = Assert.Throws<InvalidInputException>(() => TextRecords.JsonLines(path, JsonFields.Labelled).Count());

        Assert.Equal((path, "line 2", expected), (error.InputSource, error.Place, error.Expected));
        Assert.StartsWith(found, error.Found);
    }
}
