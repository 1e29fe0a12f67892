using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>What BERT and the encoders after it have in common.</summary>
internal static class BertParts
{
    /// <summary>Norms after each part and after the embedding, learned positions, biases everywhere.</summary>
    public static SpecDraft Describe(ModelFolder folder, BertKeys keys, string layout)
    {
        ConfigSection config = folder.Config;
        Heads.WidthOf(config, keys.Width, keys.Heads);
        var draft = new SpecDraft
        {
            Architecture = "encoder-only", Vocabulary = config.Count("vocab_size"), Width = config.Count(keys.Width), Layout = layout,
        };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("max_position_embeddings");
        stack.Layers = config.Count(keys.Layers);
        stack.Attention = new Section { { "heads", config.Count(keys.Heads) }, { "bias", true } };
        stack.FeedForward = new Section
        {
            { "width", config.Count(keys.FeedForward) }, { "activation", Activations.Read(config, keys.Activation, "gelu") }, { "bias", true },
        };
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_eps", 1e-12) }, { "placement", "post" } };
        stack.Positions.Add("kind", "learned");
        draft.Embedding.Add("norm", true);
        return draft;
    }

    /// <summary>Whether the checkpoint has a head, by its tensors where there are any, by the class it was saved from otherwise.</summary>
    public static bool Has(ModelFolder folder, string tensor, params string[] classes) =>
        folder.Stores(tensor, classes.Any(ending => folder.SavedAs.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>The head that fills masks; the product is with the embedding unless the file says otherwise.</summary>
    public static void AddMaskedHead(ModelFolder folder, SpecDraft draft, string activation)
    {
        draft.Unembedding = new Section { { "bias", true }, { "transform", activation } };
        draft.Embedding.Add("tied", folder.Config.Flag("tie_word_embeddings", true), usual: true);
    }

    /// <summary>The classifier, with as many labels as the file names.</summary>
    public static void AddClassifier(ModelFolder folder, SpecDraft draft) => draft.Classifier = new Section { { "labels", Labels(folder.Config) } };

    /// <summary>Refuses classes with heads that a spec cannot say.</summary>
    public static void RequireClass(ModelFolder folder, params string[] endings)
    {
        string saved = folder.SavedAs;
        if (saved.Length > 0 && !endings.Any(ending => saved.EndsWith(ending, StringComparison.Ordinal)))
            throw folder.UnsupportedClass($"a class that ends in {string.Join(", ", endings)}");
    }

    /// <summary>Number of labels: those that have names, or two.</summary>
    public static int Labels(ConfigSection config) =>
        config.FindSection("id2label") is { } names ? Math.Max(1, names.Element.EnumerateObject().Count()) : config.Count("num_labels", 2);
}
