using static Formwork.Compiler.Diagnostics.DiagnosticCatalog;

namespace Formwork.Compiler.Tests.Spec;

/// <content>Faults of the file and of its YAML.</content>
internal static partial class BrokenSpecs
{
    private static IEnumerable<BrokenSpec> Files() =>
    [
        new("nothing at all", "", EmptyFile, "holds no YAML", "`model`"),
        new("only white space", " \n\n  \n", EmptyFile),
        new("only a comment", "# later\n", EmptyFile),
        new("only a document mark", "---\n", EmptyFile),
        new("a word", "hello\n", WrongType, "the file is `hello`", "a section"),
        new("a list", "- model: X\n", WrongType, "the file is a list"),
        new("an open bracket", With("norm: {kind: layer") + "«»", InvalidYaml, "cannot be read"),
        new("an open quote", GoodSpec.Text + "tokenizer: «'none\n»", InvalidYaml, "unexpected end"),
        new("wrong indentation", With("width: 48\n  layers«»: 2"), InvalidYaml),
        new("a key with two values", With("width: 48«»: 2"), InvalidYaml),
        new("a character no value starts with", With("width: «@»48"), InvalidYaml),
        new("an escape beyond Unicode", With("tokenizer: {kind: none, file: \"\\U99999999\"}"), InvalidYaml),
        new("bytes that were no UTF-8", "# caf«\uFFFD»\n" + GoodSpec.Text, NotUtf8, "U+FFFD", "UTF-8"),
        new("half a surrogate pair", "# x\n# «\uD83D»\n" + GoodSpec.Text, NotUtf8, "U+D83D"),
        new("the other half first", "# «\uDE00»\uD83D\n" + GoodSpec.Text, NotUtf8, "U+DE00"),
        new("a zero", "model: Ti«\0»ny\n", ControlCharacter, "U+0000"),
        new("an escape character", "«\u001B»[31m", ControlCharacter, "U+001B"),
        new("one megabyte and a bit", new string('#', (1 << 20) + 1), FileTooLong, "1,048,577", "1,048,576"),
        new("a megabyte of brackets", "[[[[[[[[[[[[[[[[[«»" + new string('[', 1_000_000), NestedTooDeep, "16"),
        new("a megabyte of nested keys", "{{{{{{{{{{{{{{{{{«»" + new string('{', 1_000_000), NestedTooDeep),
        new("a nest of lists", With("tokenizer: " + new string('[', 16) + "«»[" + new string(']', 17)), NestedTooDeep),
        new("an anchor", With("width: «&w 48»"), AnchorOrAlias, "`&w`", "write the value out"),
        new("an anchor on a section", With("attention: «&a »{heads: 4}"), AnchorOrAlias, "`&a`"),
        new("an alias", With("width: «*w»"), AnchorOrAlias, "`*w`"),
        new("a merge", With("attention: {heads: 4, <<: «*a»}"), AnchorOrAlias, "`*a`"),
        new("a tag", With("width: «!!int 48»"), Tag, "tag:yaml.org,2002:int", "`width`"),
        new("a tag of one's own", With("attention: «!attention »{heads: 4}"), Tag, "!attention"),
        new("two documents", GoodSpec.Text + "«---»\n" + GoodSpec.Text, SeveralDocuments, "file of its own"),
        new("an empty second document", GoodSpec.Text + "«---»\n", SeveralDocuments),
        new("a key twice", With("width: 48\n«width»: 64"), DuplicateKey, "`width`", "line 5"),
        new("a key twice in a section", With("attention: {heads: 4, «heads»: 8}"), DuplicateKey, "`attention.heads`", "line 7"),
        new("a list as key", With("width: 48\n? «[a»]\n: 1"), KeyNotText),
    ];
}
