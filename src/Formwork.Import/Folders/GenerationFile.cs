using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Folders;

/// <summary>generation_config.json, and what older checkpoints keep of it in config.json: how the model is used to write.</summary>
internal static class GenerationFile
{
    /// <summary>The spec's <c>generation</c>.</summary>
    public static Section Read(ModelFolder folder, SpecDraft draft)
    {
        var generation = new Section();
        if (!draft.Generates)
            return generation;
        if (draft.Architecture == "encoder-decoder")
        {
            generation.Add("start", Index(folder, "decoder_start_token_id", draft) ?? draft.Start);
            generation.Add("forced_first", Indexes(folder, "forced_bos_token_id", draft));
        }
        generation.Add("suppressed", Suppressed(folder, draft));
        AddSampling(generation, folder);
        if (Number(folder, "num_beams") is > 1 and var beams)
        {
            generation.Add("beams", (int)beams);
            generation.Add("length_penalty", Number(folder, "length_penalty") ?? 1, usual: 1);
        }
        if (Number(folder, "no_repeat_ngram_size") is > 0 and var size)
            draft.Remarks.Add($"no_repeat_ngram_size ({size}) is left out: Formwork has no such rule.");
        return generation;
    }

    /// <summary>The ids that end a text.</summary>
    public static IReadOnlyList<int> EndTokens(ModelFolder folder, SpecDraft draft) => Indexes(folder, "eos_token_id", draft);

    /// <summary>A token's id that either file gives, generation_config.json first; null when none does, or the vocabulary has no such token.</summary>
    public static int? Index(ModelFolder folder, string key, SpecDraft draft) => Indexes(folder, key, draft) is [var first, ..] ? first : null;

    // Temperatures count for models that ask to be sampled from; the others are meant to take the likeliest token.
    private static void AddSampling(Section generation, ModelFolder folder)
    {
        if (folder.Generation is { } file && file.Flag("do_sample", false))
        {
            generation.Add("temperature", file.FindNumber("temperature"));
            generation.Add("top_k", file.FindIndex("top_k"));
            generation.Add("top_p", file.FindNumber("top_p"));
        }
        generation.Add("repetition_penalty", Number(folder, "repetition_penalty") ?? 1, usual: 1);
    }

    // Marian keeps its padding token from being written as a "bad word" of one token.
    private static int[] Suppressed(ModelFolder folder, SpecDraft draft)
    {
        var tokens = new List<int>(Indexes(folder, "suppress_tokens", draft));
        ConfigSection? from = new[] { folder.Generation, folder.Config }.FirstOrDefault(file => file?.Has("bad_words_ids") == true);
        if (from?.Find("bad_words_ids") is { ValueKind: System.Text.Json.JsonValueKind.Array } words)
        {
            foreach (var word in words.EnumerateArray().Where(word => word.ValueKind == System.Text.Json.JsonValueKind.Array))
            {
                if (word.GetArrayLength() == 1 && word[0].TryGetInt32(out int token))
                    tokens.Add(token);
                else
                    draft.Remarks.Add("A text of several tokens in bad_words_ids is left out: Formwork suppresses single tokens.");
            }
        }
        return [.. tokens.Distinct().Where(token => token >= 0 && token < draft.Vocabulary)];
    }

    private static double? Number(ModelFolder folder, string key) => folder.Generation?.FindNumber(key) ?? folder.Config.FindNumber(key);

    private static IReadOnlyList<int> Indexes(ModelFolder folder, string key, SpecDraft draft)
    {
        IReadOnlyList<int> tokens = folder.Generation?.FindIndexes(key) ?? folder.Config.FindIndexes(key)
            ?? folder.Config.FindSection("text_config")?.FindIndexes(key) ?? [];
        return [.. tokens.Where(token => token < draft.Vocabulary).Distinct()];
    }
}
