using Formwork.Import.Configuration;
using Formwork.Import.Drafts;
using Formwork.Import.Folders;

namespace Formwork.Import.Families;

/// <summary>Whisper without its ears: the transformer after the two convolutions over a spectrogram.</summary>
internal sealed class WhisperFamily : Family
{
    public override IReadOnlyList<string> ModelTypes => ["whisper"];

    public override SpecDraft Describe(ModelFolder folder)
    {
        ConfigSection config = folder.Config;
        BertParts.RequireClass(folder, "ForConditionalGeneration", "WhisperModel");
        var draft = new SpecDraft { Architecture = "encoder-decoder", Vocabulary = config.Count("vocab_size"), Width = config.Count("d_model"), Layout = "whisper" };
        StackDraft stack = draft.Stack;
        TwoStacks.AddSizes(draft, config);
        Heads.AddBias(stack.Attention, query: true, key: false, value: true, output: true);
        stack.FeedForward.Add("activation", Activations.Read(config, "activation_function", "gelu"));
        stack.FeedForward.Add("bias", true);
        stack.Norm = new Section { { "kind", "layer" }, { "epsilon", 1e-5 } };
        draft.Encoder.Context = config.Count("max_source_positions");
        draft.Encoder.Positions = new Section { { "kind", "sinusoidal" }, { "arrangement", "halves" }, { "spacing", "closed" } };
        draft.Encoder.Values.Add("input", "vectors");
        draft.Decoder.Context = config.Count("max_target_positions");
        draft.Decoder.Positions.Add("kind", "learned");
        draft.Embedding.Add("tied", LlamaParts.Tied(folder, config, usual: true, head: "proj_out.weight"));
        draft.Remarks.Add("The transformer alone: its input is what the two convolutions make of a spectrogram, which Formwork does not compute.");
        return draft;
    }
}
