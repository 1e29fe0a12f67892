namespace Formwork.Compiler.Diagnostics;

/// <content>00xx: file and YAML syntax.</content>
public static partial class DiagnosticCatalog
{
    /// <summary>No details.</summary>
    public static DiagnosticKind EmptyFile { get; } = Error(1, "The file is empty",
        "The file holds no YAML; a model needs at least `model`, `architecture`, `vocabulary`, `context`, `width`, `layers`, `attention`, `feed_forward` and `norm`");

    /// <summary>Details: the YAML reader's words.</summary>
    public static DiagnosticKind InvalidYaml { get; } = Error(2, "The file is not YAML",
        "The YAML cannot be read here: {0}");

    /// <summary>Details: the character's code.</summary>
    public static DiagnosticKind NotUtf8 { get; } = Error(3, "The file is not UTF-8",
        "Here is the character U+{0:X4}, which stands for bytes that are not UTF-8; save the file as UTF-8");

    /// <summary>Details: the character's code.</summary>
    public static DiagnosticKind ControlCharacter { get; } = Error(4, "The file holds a control character",
        "Here is the control character U+{0:X4}, so this is no text file; expected YAML in UTF-8");

    /// <summary>Details: the length, the limit, in characters.</summary>
    public static DiagnosticKind FileTooLong { get; } = Error(5, "The file is too long",
        "The file has {0:N0} characters; expected at most {1:N0}: write layers that are alike as one group with `repeat`");

    /// <summary>Details: the limit.</summary>
    public static DiagnosticKind NestedTooDeep { get; } = Error(6, "The YAML is nested too deeply",
        "Sections and lists are nested more than {0} deep here; a spec needs 6");

    /// <summary>Details: the anchor or alias as written.</summary>
    public static DiagnosticKind AnchorOrAlias { get; } = Error(7, "Anchors and aliases are not taken",
        "Here is `{0}`; anchors and aliases are not taken: write the value out, or use a group of layers with `repeat`");

    /// <summary>Details: the tag, the value's path.</summary>
    public static DiagnosticKind Tag { get; } = Error(8, "Tags are not taken",
        "Here is the tag `{0}` on {1}; tags are not taken: remove it");

    /// <summary>No details.</summary>
    public static DiagnosticKind SeveralDocuments { get; } = Error(9, "The file holds several documents",
        "A second YAML document starts here; expected one model a file: move it to a file of its own");

    /// <summary>Details: the key's path, the line of its first place, counted from 1.</summary>
    public static DiagnosticKind DuplicateKey { get; } = Error(10, "A key is given twice",
        "`{0}` is given a second time, after line {1}; keep one of them");

    /// <summary>No details.</summary>
    public static DiagnosticKind KeyNotText { get; } = Error(11, "A key is not a word",
        "This key is a list or a section; expected a word");

    /// <summary>Details: how many.</summary>
    public static DiagnosticKind TooManyErrors { get; } = Error(12, "There are more errors than are shown",
        "{0:N0} more errors are not shown; mend those shown first");

    /// <summary>Details: the name, the other files. For hosts, which see a project's files together.</summary>
    public static DiagnosticKind SameName { get; } = Error(13, "Two files declare the same model",
        "`model` is `{0}`, and so it is in {1}; a project's models need different names, also without regard to case: rename one of them");
}
