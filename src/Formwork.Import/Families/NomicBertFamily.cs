using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>NomicBERT: BERT with rotary positions and a gated feed-forward part, its numbers called as GPT-2's.</summary>
internal sealed class NomicBertFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["nomic_bert"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        BertParts.RequireClass(folder, "Model", "ForPreTraining", "ForMaskedLM");
        foreach (string key in new[] { "prenorm", "use_rms_norm", "parallel_block", "causal" })
        {
            if (config.Flag(key, false))
                throw config.Unsupported(key, "false");
        }
        Heads.WidthOf(config, "n_embd", "n_head");
        int width = config.Count("n_embd");
        var draft = new SpecDraft { Architecture = "encoder-only", Vocabulary = config.Count("vocab_size"), Width = width, Layout = "nomic_bert" };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("n_positions");
        stack.Layers = config.Count("n_layer");
        stack.Attention = new Section { { "heads", config.Count("n_head") }, { "bias", config.Flag("qkv_proj_bias", false), false } };
        string activation = Activation(config);
        stack.FeedForward = new Section { { "width", config.Count("n_inner", 4 * width) }, { "activation", activation }, { "gated", true } };
        bool up = config.Flag("mlp_fc1_bias", false), down = config.Flag("mlp_fc2_bias", false);
        if (up || down)
            stack.FeedForward.Add("bias", new Section { { "gate", up, false }, { "up", up, false }, { "down", down, false } });
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", config.Number("layer_norm_epsilon", 1e-12) }, { "placement", "post" } };
        stack.Positions = Positions(config);
        draft.Embedding.Add("norm", true);
        draft.Embedding.Add("token_types", config.FindIndex("type_vocab_size") ?? 2, usual: 0);
        AddMaskedHead(folder, draft, activation);
        return draft;
    }

    private static string Activation(ConfigSection config) => config.Text("activation_function", "swiglu") switch
    {
        "swiglu" => "silu",
        "geglu" => "gelu",
        _ => throw config.Unsupported("activation_function", "swiglu or geglu"),
    };

    private static Section Positions(ConfigSection config)
    {
        double fraction = config.Number("rotary_emb_fraction", 1);
        if (fraction == 0)
            throw config.Unsupported("rotary_emb_fraction", "more than 0: rotary positions");
        var positions = new Section { { "kind", "rotary" } };
        positions.Add("base", config.Number("rotary_emb_base", 10000), usual: 10000);
        positions.Add("fraction", fraction, usual: 1);
        positions.Add("pairing", config.Flag("rotary_emb_interleaved", false) ? "interleaved" : null);
        return positions;
    }

    private static void AddMaskedHead(ModelFolder folder, SpecDraft draft, string activation)
    {
        if (!BertParts.Has(folder, "cls.predictions.transform.dense.weight", "ForPreTraining", "ForMaskedLM"))
            return;
        BertParts.AddMaskedHead(folder, draft, activation);
        draft.Unembedding!.Add("bias", folder.Stores("cls.predictions.decoder.bias", false), usual: false);
        draft.Unembedding.Add("transform_bias", folder.Stores("cls.predictions.transform.dense.bias", false), usual: true);
    }
}
