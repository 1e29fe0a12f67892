using System.Globalization;
using System.Text.Json;

namespace Formwork.Runtime.Tokenization;

/// <summary>
/// What Hugging Face's small files beside a tokenizer say of it: tokenizer_config.json, special_tokens_map.json, added_tokens.json, and the
/// model's type in config.json. All of them may be missing.
/// </summary>
internal sealed class TokenizerConfig
{
    private const int GreatestId = 1 << 24;
    private static readonly string[] Names = ["bos_token", "eos_token", "mask_token", "pad_token", "unk_token", "cls_token", "sep_token"];

    private readonly Dictionary<string, string> _named = [];
    private readonly List<AddedToken> _added = [];

    private TokenizerConfig()
    {
    }

    /// <summary>Nothing said.</summary>
    public static TokenizerConfig None { get; } = new();

    /// <summary>The tokenizer's class without its ending (<c>XLMRoberta</c>, <c>T5</c>), or what the model's type implies; empty for unknown.</summary>
    public string Family { get; private set; } = "";

    /// <summary>Tokens by purpose: <c>mask_token</c> and its like.</summary>
    public IReadOnlyDictionary<string, string> Named => _named;

    /// <summary>Tokens added to the vocabulary.</summary>
    public IReadOnlyList<AddedToken> Added => _added;

    /// <summary>Whether the begin token is put before a text; null where not said.</summary>
    public bool? AddsBegin { get; private set; }

    /// <summary>Whether the end token is put after a text; null where not said.</summary>
    public bool? AddsEnd { get; private set; }

    /// <summary>T5's number of sentinels; null where not said.</summary>
    public int? ExtraIds { get; private set; }

    /// <summary>Reads what is in a folder.</summary>
    /// <exception cref="InvalidInputException">A file is broken.</exception>
    public static TokenizerConfig Beside(string folder)
    {
        var config = new TokenizerConfig();
        config.ReadIfThere(Path.Combine(folder, "special_tokens_map.json"), config.ReadNames);
        config.ReadIfThere(Path.Combine(folder, "added_tokens.json"), config.ReadOldAdded);
        config.ReadIfThere(Path.Combine(folder, "tokenizer_config.json"), config.ReadMain);
        if (config.Family.Length == 0)
            config.ReadIfThere(Path.Combine(folder, "config.json"), config.ReadModelType);
        return config;
    }

    /// <summary>A vocabulary's own added tokens and these; where both have a form or an id, the flags are these and the id is the vocabulary's own.</summary>
    /// <param name="own">The vocabulary's own added tokens.</param>
    /// <param name="find">The id that the vocabulary has for a form; null for none.</param>
    public AddedTokens Complete(IEnumerable<AddedToken> own, Func<string, int?> find)
    {
        AddedToken[] first = [.. own];
        Dictionary<string, int> ids = first.DistinctBy(token => token.Text).ToDictionary(token => token.Text, token => token.Id);
        IEnumerable<AddedToken> these = _added.Select(token => token with { Id = ids.TryGetValue(token.Text, out int id) ? id : find(token.Text) ?? token.Id });
        return new AddedTokens(these.Concat(first).DistinctBy(token => token.Text).DistinctBy(token => token.Id));
    }

    private void ReadIfThere(string path, Action<JsonValue> read)
    {
        if (!File.Exists(path))
            return;
        using JsonFile file = JsonFile.Open(path);
        read(file.Root);
    }

    private void ReadMain(JsonValue root)
    {
        ReadNames(root);
        string name = root.Find("tokenizer_class") is { Kind: JsonValueKind.String } type ? type.Text() : "";
        foreach (string ending in new[] { "Fast", "Tokenizer" })
            name = name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name;
        Family = name == "PreTrained" ? "" : name;
        AddsBegin = root.Find("add_bos_token")?.Truth();
        AddsEnd = root.Find("add_eos_token")?.Truth();
        ExtraIds = root.Find("extra_ids")?.Integer();
        if (ExtraIds is < 0 or > 65_536)
            throw root.Get("extra_ids").Wrong($"{ExtraIds}", "0 … 65536");
        foreach ((string id, JsonValue token) in root.Find("added_tokens_decoder")?.Members() ?? [])
            _added.Add(ReadAdded(id, token));
    }

    private static AddedToken ReadAdded(string id, JsonValue token)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value > GreatestId)
            throw token.Wrong($"the id {PlainText.Quoted(id)}", $"0 … {GreatestId}");
        return new AddedToken(token.Get("content").Text(), value, token.Truth("special", false))
        {
            TakesSpaceBefore = token.Truth("lstrip", false),
            TakesSpaceAfter = token.Truth("rstrip", false),
            WholeWord = token.Truth("single_word", false),
        };
    }

    /// <summary>The older map of form to id, which says no more; such tokens count as special, so that nobody can type them.</summary>
    private void ReadOldAdded(JsonValue root)
    {
        foreach ((string form, JsonValue id) in root.Members())
        {
            int value = id.Integer();
            if (value is < 0 or > GreatestId)
                throw id.Wrong($"id {value}", $"0 … {GreatestId}");
            _added.Add(new AddedToken(form, value, Special: true));
        }
    }

    private void ReadNames(JsonValue root)
    {
        foreach (string name in Names)
        {
            JsonValue? value = root.Find(name);
            if (value is { Kind: JsonValueKind.Object } token)
                value = token.Get("content");
            if (value is { Kind: JsonValueKind.String } text && text.Text().Length > 0)
                _named[name] = text.Text();
        }
    }

    private void ReadModelType(JsonValue root)
    {
        if (root.Kind == JsonValueKind.Object && root.Find("model_type") is { Kind: JsonValueKind.String } type)
        {
            Family = type.Text() switch
            {
                "xlm-roberta" => "XLMRoberta",
                "t5" or "mt5" => "T5",
                "mbart" => "MBart",
                "roberta" => "Roberta",
                "bart" => "Bart",
                _ => "",
            };
        }
    }
}
