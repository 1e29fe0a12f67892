namespace Formwork.Runtime.Tokenization.HuggingFace;

/// <summary>Reads <c>post_processor</c> of tokenizer.json: what is put before, between and after texts.</summary>
internal static class PostProcessorReader
{
    /// <summary>The template; null where the file has none.</summary>
    public static TextTemplate? Read(JsonValue? part, Vocabulary vocabulary, AddedTokens added)
    {
        if (part is not { } value)
            return null;
        switch (value.Type())
        {
            case "TemplateProcessing":
                return new(Parts(value.Get("single"), value), Parts(value.Get("pair"), value));
            case "BertProcessing":
                return TextTemplate.Bert(Token("cls"), Token("sep"));
            case "RobertaProcessing":
                return TextTemplate.Roberta(Token("cls"), Token("sep"));
            case "ByteLevel":
                return null;
            case "Sequence":
                TextTemplate[] steps = [.. value.Get("processors").Items().Select(step => Read(step, vocabulary, added)).OfType<TextTemplate>()];
                return steps.Length < 2 ? steps.FirstOrDefault() : throw value.Unsupported($"{steps.Length} processors that add tokens", "one");
            case var other:
                throw value.Unsupported($"a post-processor {PlainText.Quoted(other)}", "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence");
        }

        int Token(string name)
        {
            JsonValue[] pair = [.. value.Get(name).Items()];
            return pair.Length == 2 ? Known(pair[1]) : throw value.Get(name).Wrong($"{pair.Length} parts", "a token and its id");
        }

        int Known(JsonValue id) => id.Integer() is var token && (vocabulary.Form(token) ?? added.Form(token)) is not null
            ? token
            : throw id.Wrong($"id {id.Integer()}", "an id of the vocabulary");

        TextTemplate.Part[] Parts(JsonValue list, JsonValue template) => [.. list.Items().Select(item => One(item, template))];

        TextTemplate.Part One(JsonValue item, JsonValue template)
        {
            if (item.Find("Sequence") is { } sequence)
            {
                string name = sequence.Get("id").Text();
                int text = name is "A" or "B" ? name[0] - 'A' : throw sequence.Get("id").Wrong(PlainText.Quoted(name), "A or B");
                return new(text, [], TypeId(sequence));
            }
            JsonValue special = item.Get("SpecialToken");
            string form = special.Get("id").Text();
            JsonValue tokens = template.Get("special_tokens").Get(form);
            return new(null, [.. tokens.Get("ids").Items().Select(Known)], TypeId(special));
        }
    }

    private static int TypeId(JsonValue part)
    {
        int type = part.Integer("type_id", 0);
        return type is >= 0 and < 256 ? type : throw part.Get("type_id").Wrong($"{type}", "0 … 255");
    }
}
