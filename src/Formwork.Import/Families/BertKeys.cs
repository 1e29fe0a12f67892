namespace Formwork.Import.Families;

/// <summary>What a configuration calls the numbers of an encoder.</summary>
internal sealed record BertKeys(
    string Width = "hidden_size",
    string Layers = "num_hidden_layers",
    string Heads = "num_attention_heads",
    string FeedForward = "intermediate_size",
    string Activation = "hidden_act");
