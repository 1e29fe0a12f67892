using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Formwork.Testing.Generation;

/// <summary>A spec held in memory.</summary>
internal sealed class SpecFile(string path, SourceText text) : AdditionalText
{
    public SpecFile(string path, string text)
        : this(path, SourceText.From(text, Encoding.UTF8))
    {
    }

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => text;
}
