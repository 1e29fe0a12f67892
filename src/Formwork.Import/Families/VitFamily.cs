using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>ViT without its eyes: the transformer after the convolution over patches.</summary>
internal sealed class VitFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["vit"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        BertParts.RequireClass(folder, "ViTModel", "ForImageClassification");
        Heads.WidthOf(config, "hidden_size", "num_attention_heads");
        int image = config.Count("image_size", 224), patch = config.Count("patch_size", 16);
        if (image % patch != 0)
            throw config.Wrong("patch_size", patch, $"a divisor of image_size, which is {image}", "Correct one of the two.");
        var draft = new SpecDraft { Architecture = "encoder-only", Vocabulary = 1, Width = config.Count("hidden_size"), Layout = "vit" };
        StackDraft stack = draft.Stack;
        stack.Context = (image / patch) * (image / patch) + 1;
        stack.Layers = config.Count("num_hidden_layers");
        bool bias = config.Flag("qkv_bias", true);
        stack.Attention.Add("heads", config.Count("num_attention_heads"));
        Heads.AddBias(stack.Attention, bias, bias, bias, output: true);
        stack.FeedForward = new Section
        {
            { "width", config.Count("intermediate_size") }, { "activation", Activations.Read(config, "hidden_act", "gelu") }, { "bias", true },
        };
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_eps", 1e-12) } };
        stack.Positions.Add("kind", "learned");
        stack.Values.Add("input", "vectors");
        if (folder.SavedAs.EndsWith("ForImageClassification", StringComparison.Ordinal))
            BertParts.AddClassifier(folder, draft);
        else if (BertParts.Has(folder, "pooler.dense.weight", "ViTModel"))
            draft.Pooler = new Section { { "activation", Activations.Read(config, "pooler_act", "tanh") } };
        draft.Remarks.Add("The transformer alone: its input is a vector for the whole picture and one for each patch, which Formwork does not compute.");
        return draft;
    }
}
