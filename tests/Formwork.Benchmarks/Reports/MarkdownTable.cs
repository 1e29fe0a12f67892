using System.Text;

namespace Formwork.Benchmarks.Reports;

/// <summary>A table as Markdown source, columns lined up so that it reads well in a terminal too.</summary>
public sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; as many cells as headings.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != headings.Length)
            throw new ArgumentException($"{cells.Length} cells for {headings.Length} columns", nameof(cells));
        _rows.Add(cells);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var widths = headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        var text = new StringBuilder();
        Line(headings);
        // The first column is text, the others are numbers.
        Line([.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ':')]);
        foreach (var row in _rows)
            Line(row);
        return text.ToString();

        void Line(string[] cells)
        {
            for (var column = 0; column < cells.Length; column++)
                text.Append("| ").Append(column == 0 ? cells[column].PadRight(widths[column]) : cells[column].PadLeft(widths[column])).Append(' ');
            text.Append("|\n");
        }
    }
}
