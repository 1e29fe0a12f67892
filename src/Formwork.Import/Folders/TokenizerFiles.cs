using System.Text.Json;
using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Folders;

/// <summary>Which tokenizer a folder has, from the files that are in it.</summary>
internal static class TokenizerFiles
{
    private static readonly string[] SentencePieceFiles = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"];

    /// <summary>Classes that put their begin token before a text although no file says so.</summary>
    private static readonly string[] BeginningClasses = ["LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "GemmaTokenizer", "GemmaTokenizerFast"];

    /// <summary>Model types whose ids are not those of their SentencePiece file: fairseq put tokens of its own before them.</summary>
    private static readonly string[] Renumbered = ["camembert", "xlm-roberta", "mbart", "m2m_100"];

    /// <summary>Classes of tokenizers that are known to number so; tokenizer_config.json names them.</summary>
    private static readonly string[] RenumberedClasses = ["XLMRobertaTokenizer", "MBartTokenizer", "MBart50Tokenizer", "NllbTokenizer"];

    /// <summary>The spec's <c>tokenizer</c>.</summary>
    public static Section Describe(ModelFolder folder, SpecDraft draft)
    {
        string kind = KindOf(folder, draft);
        if (kind == "none" && folder.Config.FindIndexes("eos_token_id") is null)
            return [];
        var tokenizer = new Section { { "kind", kind } };
        if (draft.Architecture == "decoder-only" && PutsBeginToken(folder, kind))
            tokenizer.Add("begin", GenerationFile.Index(folder, "bos_token_id", draft));
        if (draft.Generates)
            tokenizer.Add("end", GenerationFile.EndTokens(folder, draft).ToArray());
        return tokenizer;
    }

    private static string KindOf(ModelFolder folder, SpecDraft draft)
    {
        bool Has(params string[] names) => names.All(name => File.Exists(Path.Combine(folder.Path, name)));
        if (Has("tokenizer.json"))
            return "tokenizer_json";
        if (Has("source.spm", "target.spm", "vocab.json"))
            return "marian";
        if (Has("vocab.json", "merges.txt") || Has("encoder.json", "vocab.bpe"))
            return "byte_bpe";
        if (SentencePieceFiles.Any(name => Has(name)))
        {
            string numbering = folder.TokenizerConfig?.FindText("tokenizer_class")?.Replace("Fast", "") ?? "";
            if (!Renumbered.Contains(folder.ModelType) || RenumberedClasses.Contains(numbering))
                return "sentencepiece";
            draft.Remarks.Add("No tokenizer: the ids of this SentencePiece file are not the model's. Put tokenizer.json into the folder.");
            return "none";
        }
        return Has("vocab.txt") ? "wordpiece" : Has("token_mappings.json") ? "words" : "none";
    }

    private static bool PutsBeginToken(ModelFolder folder, string kind)
    {
        if (folder.TokenizerConfig is { } config && config.Has("add_bos_token"))
            return config.Flag("add_bos_token", false);
        if (kind == "tokenizer_json")
            return TemplateBegins(Path.Combine(folder.Path, "tokenizer.json"));
        return kind == "sentencepiece" || BeginningClasses.Contains(folder.TokenizerConfig?.FindText("tokenizer_class"));
    }

    // The post-processor's template for one text: whether a special token stands before the text.
    private static bool TemplateBegins(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("post_processor", out JsonElement processor) && Begins(processor);
    }

    private static bool Begins(JsonElement processor)
    {
        if (processor.ValueKind != JsonValueKind.Object)
            return false;
        if (processor.TryGetProperty("processors", out JsonElement inner) && inner.ValueKind == JsonValueKind.Array)
            return inner.EnumerateArray().Any(Begins);
        return processor.TryGetProperty("single", out JsonElement single) && single.ValueKind == JsonValueKind.Array && single.GetArrayLength() > 0
            && single[0].ValueKind == JsonValueKind.Object && single[0].TryGetProperty("SpecialToken", out _);
    }
}
