using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>
/// BART; mBART with norms before the parts; Marian with sinusoids and perhaps two vocabularies; M2M-100 and NLLB with both. All have
/// fairseq's names.
/// </summary>
internal sealed class BartFamily : Family
{
    /// <summary>Rows before position 0: fairseq counts from the padding token's number.</summary>
    private const int Offset = 2;
    private const string LogitsBias = "final_logits_bias";

    public override IReadOnlyList<string> ModelTypes => ["bart", "mbart", "marian", "m2m_100"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        string type = folder.ModelType;
        BertParts.RequireClass(folder, "ForConditionalGeneration", "MTModel", "BartModel", "MarianModel", "M2M100Model");
        var draft = new SpecDraft { Architecture = "encoder-decoder", Vocabulary = config.Count("vocab_size"), Width = config.Count("d_model"), Layout = "bart" };
        StackDraft stack = draft.Stack;
        stack.Context = config.Count("max_position_embeddings");
        TwoStacks.AddSizes(draft, config);
        stack.Attention.Add("bias", true);
        stack.FeedForward.Add("activation", Activations.Read(config, "activation_function", type == "m2m_100" ? "relu" : "gelu"));
        stack.FeedForward.Add("bias", true);
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", 1e-5 }, { "placement", type is "mbart" or "m2m_100" ? "pre" : "post" } };
        stack.Positions = Positions(type);
        AddEmbedding(folder, draft);
        draft.Start = type == "marian" ? config.FindIndex("pad_token_id") : Offset;
        return draft;
    }

    private static Section Positions(string type) => type switch
    {
        "marian" => new Section { { "kind", "sinusoidal" }, { "arrangement", "halves" } },
        "m2m_100" => new Section { { "kind", "sinusoidal" }, { "arrangement", "halves" }, { "spacing", "closed" }, { "offset", Offset } },
        _ => new Section { { "kind", "learned" }, { "offset", Offset } },
    };

    private static void AddEmbedding(ModelFolder folder, SpecDraft draft)
    {
        ConfigSection config = folder.Config;
        string type = folder.ModelType;
        draft.Embedding.Add("tied", LlamaParts.Tied(folder, config, usual: true));
        draft.Embedding.Add("scale", config.Flag("scale_embedding", type == "m2m_100") ? "sqrt_width" : null);
        draft.Embedding.Add("norm", type is "bart" or "mbart", usual: false);
        if (type == "marian" && !config.Flag("share_encoder_decoder_embeddings", true))
        {
            draft.SourceVocabulary = draft.Vocabulary;
            draft.Vocabulary = config.Count("decoder_vocab_size", draft.Vocabulary);
        }
        if (folder.Stores(LogitsBias, type != "m2m_100"))
            draft.Unembedding = new Section { { "bias", true } };
    }
}
