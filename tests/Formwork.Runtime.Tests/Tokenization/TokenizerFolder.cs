using System.Text;
using Formwork.Runtime.Tokenization;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>A temporary model folder with tokenizer files.</summary>
internal sealed class TokenizerFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("formwork-tokenizer-").FullName;

    public TokenizerFolder With(string name, string text) => With(name, Encoding.UTF8.GetBytes(text));

    public TokenizerFolder With(string name, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);
        return this;
    }

    public TextTokenizer Load(TokenizerKind kind, string? file = null) => TokenizerLoader.Load(new TokenizerDescription(kind, file, null, null, []), Path)!;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
