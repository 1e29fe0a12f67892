using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>ModernBERT: two layers with a window before each one without, rotary positions with a base for each kind, gated gelu, hardly a bias.</summary>
internal sealed class ModernBertFamily : Family
{
    private const string HeadTensor = "head.dense.weight";

    public override IReadOnlyList<string> ModelTypes => ["modernbert"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        BertParts.RequireClass(folder, "Model", "ForMaskedLM", "ForSequenceClassification");
        Heads.WidthOf(config, "hidden_size", "num_attention_heads");
        var draft = new SpecDraft
        {
            Architecture = "encoder-only", Vocabulary = config.Count("vocab_size"), Width = config.Count("hidden_size"), Layout = "modernbert",
        };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("max_position_embeddings");
        stack.Layers = config.Count("num_hidden_layers");
        stack.Attention = new Section { { "heads", config.Count("num_attention_heads") }, { "bias", config.Flag("attention_bias", false), false } };
        stack.FeedForward = LlamaParts.GatedFeedForward(config, activationKey: "hidden_activation");
        stack.FeedForward.Add("activation", Activations.Read(config, "hidden_activation", "gelu"));
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("norm_eps", 1e-5) }, { "bias", config.Flag("norm_bias", false), true } };
        draft.Embedding.Add("norm", true);
        AddLayers(config, stack);
        AddHeads(folder, draft);
        return draft;
    }

    private static void AddLayers(ConfigSection config, StackDraft stack)
    {
        int pattern = config.Count("global_attn_every_n_layers", 3);
        bool[] local = LayerTypes.Read(config, stack.Layers!.Value, layer => layer % pattern != 0);
        stack.Attention.Add("window", config.Count("local_attention", 128));
        stack.Positions = Positions(config, "sliding_attention", config.Number("local_rope_theta", 10000));
        for (int layer = 0; layer < local.Length; layer++)
        {
            if (local[layer])
                continue;
            stack.Layer(layer).Inner("attention").Add("window", "none");
            stack.Layer(layer).Add("positions", Positions(config, "full_attention", config.Number("global_rope_theta", 160000)));
        }
        // The embedding's norm stands right before it.
        stack.Layer(0).Inner("attention").Add("norm", new Section { { "kind", "none" } });
    }

    private static Section Positions(ConfigSection config, string layerType, double theta)
    {
        Section? byType = config.FindSection("rope_parameters") is { } parameters && parameters.FindSection(layerType)?.Has("rope_theta") == true
            ? RotaryPositions.Read(config, 1, layerType) : null;
        return byType ?? new Section { { "kind", "rotary" }, { "base", theta, 10000 } };
    }

    private static void AddHeads(ModelFolder folder, SpecDraft draft)
    {
        ConfigSection config = folder.Config;
        string activation = Activations.Read(config, "classifier_activation", "gelu");
        bool bias = config.Flag("classifier_bias", false);
        if (folder.SavedAs.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
        {
            if (config.Text("classifier_pooling", "cls") != "cls")
                throw config.Unsupported("classifier_pooling", "cls");
            draft.Pooler = new Section { { "activation", activation }, { "bias", bias, true }, { "norm", true } };
            BertParts.AddClassifier(folder, draft);
        }
        else if (BertParts.Has(folder, HeadTensor, "ForMaskedLM"))
        {
            BertParts.AddMaskedHead(folder, draft, activation);
            draft.Unembedding!.Add("bias", config.Flag("decoder_bias", true), usual: false);
            draft.Unembedding.Add("transform_bias", bias, usual: true);
        }
    }
}
