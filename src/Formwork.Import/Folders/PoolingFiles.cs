using System.Text.Json;
using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Folders;

/// <summary>What sentence-transformers keeps beside an encoder: modules.json and the configuration of its pooling.</summary>
internal static class PoolingFiles
{
    private const string ModulesFile = "modules.json";

    /// <summary>The spec's <c>pooling</c>; empty where no file says anything.</summary>
    public static Section Read(ModelFolder folder, SpecDraft draft)
    {
        if (draft.Architecture != "encoder-only")
            return [];
        string modules = Path.Combine(folder.Path, ModulesFile);
        string[]? types = File.Exists(modules) ? Types(modules) : null;
        string? unknown = types?.FirstOrDefault(type => type is not ("Transformer" or "Pooling" or "Normalize"));
        if (unknown is not null)
        {
            throw new Runtime.InvalidInputException(modules, "type", $"a module {unknown} after the encoder", "Transformer, Pooling and Normalize only",
                "Remove modules.json for the encoder alone; its vectors are then not those of the whole chain.");
        }
        ConfigSection? pooling = ConfigFile.Find(folder.Path, "1_Pooling", HuggingFaceFolder.ConfigurationFile);
        if (pooling is null)
            return [];
        return new Section { { "kind", Kind(pooling) }, { "normalize", types?.Contains("Normalize") ?? true } };
    }

    private static string Kind(ConfigSection pooling)
    {
        string[] chosen = pooling.FindText("pooling_mode") is { } mode ? [mode]
            : [.. pooling.Element.EnumerateObject()
                .Where(member => member.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && member.Value.ValueKind == JsonValueKind.True)
                .Select(member => member.Name["pooling_mode_".Length..])];
        return chosen switch
        {
            ["cls_token" or "cls"] => "first",
            ["mean_tokens" or "mean"] => "mean",
            _ => throw pooling.Wrong("pooling_mode", chosen.Length == 0 ? "none" : string.Join(" and ", chosen), "the mean of all tokens, or the first token",
                "Formwork has no other pooling; remove 1_Pooling for the encoder's states alone."),
        };
    }

    // sentence_transformers.models.Pooling → Pooling
    private static string[] Types(string path)
    {
        JsonElement list = ConfigFile.Parse(path);
        if (list.ValueKind != JsonValueKind.Array)
            throw new Runtime.InvalidInputException(path, null, ConfigFile.Described(list), "a list of modules", "Fetch the file again.");
        return [.. list.EnumerateArray().Select(module => module.ValueKind == JsonValueKind.Object && module.TryGetProperty("type", out JsonElement type)
            && type.ValueKind == JsonValueKind.String ? ConfigFile.Text(type).Split('.')[^1] : "without a type")];
    }
}
