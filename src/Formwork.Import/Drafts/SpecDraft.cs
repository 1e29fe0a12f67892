namespace Formwork.Import.Drafts;

/// <summary>A spec that is being written. <see cref="DraftPrinter"/> makes the YAML of it.</summary>
internal sealed class SpecDraft
{
    /// <summary>The C# type.</summary>
    public string Name { get; set; } = "";

    /// <summary>Which stacks there are: <c>decoder-only</c>, <c>encoder-only</c>, <c>encoder-decoder</c>.</summary>
    public required string Architecture { get; init; }

    public required int Vocabulary { get; set; }

    /// <summary>The encoder's own vocabulary; null when there is one for both.</summary>
    public int? SourceVocabulary { get; set; }

    public required int Width { get; init; }

    /// <summary>What holds for all stacks.</summary>
    public StackDraft Stack { get; } = new();

    /// <summary>What the encoder has of its own.</summary>
    public StackDraft Encoder { get; } = new();

    /// <summary>What the decoder has of its own.</summary>
    public StackDraft Decoder { get; } = new();

    public Section Embedding { get; } = [];

    /// <summary>The map to logits; null where there is none, or nothing to say of it.</summary>
    public Section? Unembedding { get; set; }

    public Section Pooler { get; set; } = [];

    public Section Classifier { get; set; } = [];

    public Section Pooling { get; set; } = [];

    public Section Generation { get; set; } = [];

    /// <summary>The decoder's first token where no file says; null when the family has none.</summary>
    public int? Start { get; set; }

    /// <summary>The name of the weight layout.</summary>
    public required string Layout { get; set; }

    /// <summary>Tensors that this checkpoint has beyond the layout's and that nothing needs.</summary>
    public List<string> Ignored { get; } = [];

    public Section Tokenizer { get; set; } = [];

    /// <summary>What the reader of the spec should know: what was left out and why.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Whether it is the kind of model that continues a text or writes one.</summary>
    public bool Generates => Architecture != "encoder-only";
}
