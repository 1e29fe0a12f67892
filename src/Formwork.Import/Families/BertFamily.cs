using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>BERT, and RoBERTa and XLM-R, whose positions begin after the padding token's number.</summary>
internal sealed class BertFamily : Family
{
    private const string PoolerTensor = "pooler.dense.weight";

    public override IReadOnlyList<string> ModelTypes => ["bert", "roberta", "xlm-roberta", "camembert"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        BertParts.RequireClass(folder, "Model", "ForMaskedLM", "ForPreTraining", "ForSequenceClassification");
        if (config.Flag("is_decoder", false))
            throw config.Unsupported("is_decoder", "false: an encoder");
        if (config.Text("position_embedding_type", "absolute") != "absolute")
            throw config.Unsupported("position_embedding_type", "absolute");
        bool roberta = folder.ModelType != "bert";
        SpecDraft draft = BertParts.Describe(folder, new BertKeys(), roberta ? "roberta" : Layout(folder));
        draft.Embedding.Add("token_types", config.Count("type_vocab_size", 2));
        if (roberta)
            MovePositions(config, draft.Stack);
        string masked = roberta ? "lm_head.dense.weight" : "cls.predictions.transform.dense.weight";
        if (BertParts.Has(folder, masked, "ForMaskedLM", "ForPreTraining"))
            BertParts.AddMaskedHead(folder, draft, roberta ? "gelu" : Activations.Read(config, "hidden_act", "gelu"));
        AddPooled(folder, draft, roberta);
        return draft;
    }

    private static string Layout(ModelFolder folder) => folder.Stores("embeddings.LayerNorm.gamma") == true ? "bert_gamma" : "bert";

    // Position p is row pad + 1 + p of the table.
    private static void MovePositions(ConfigSection config, StackDraft stack)
    {
        int offset = (config.FindIndex("pad_token_id") ?? 1) + 1;
        if (offset >= stack.Context)
            throw config.Wrong("max_position_embeddings", stack.Context, $"more than pad_token_id + 1, which is {offset}", "Correct one of the two.");
        stack.Context -= offset;
        stack.Positions.Add("offset", offset);
    }

    private static void AddPooled(ModelFolder folder, SpecDraft draft, bool roberta)
    {
        bool classifies = folder.SavedAs.EndsWith("ForSequenceClassification", StringComparison.Ordinal);
        if (classifies && roberta)
            draft.Layout = "roberta_classifier";
        if (classifies || BertParts.Has(folder, PoolerTensor, "Model", "ForPreTraining"))
            draft.Pooler = new Section { { "activation", "tanh" } };
        if (classifies)
            BertParts.AddClassifier(folder, draft);
    }
}
