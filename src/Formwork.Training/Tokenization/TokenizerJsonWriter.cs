using System.Text.Json;

namespace Formwork.Training.Tokenization;

/// <summary>Writes a vocabulary as Hugging Face's tokenizer.json: lower case, byte-level words, BPE, and the frame for the model.</summary>
internal sealed class TokenizerJsonWriter(Utf8JsonWriter json, TrainedBpe bpe, BpeTrainingOptions options)
{
    public void Write()
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens();
        json.WritePropertyName("normalizer");
        if (bpe.Lowercase)
            WriteType("Lowercase");
        else
            json.WriteNullValue();
        WriteByteLevel("pre_tokenizer");
        WritePostProcessor();
        WriteDecoder();
        WriteModel();
        json.WriteEndObject();
    }

    private void WriteType(string type)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteEndObject();
    }

    private void WriteAddedTokens()
    {
        json.WriteStartArray("added_tokens");
        foreach (SpecialToken token in options.SpecialTokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", bpe.SpecialId(token.Text));
            json.WriteString("content", token.Text);
            foreach (string flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteByteLevel(string name)
    {
        json.WriteStartObject(name);
        WriteByteLevelMembers();
        json.WriteEndObject();
    }

    private void WriteByteLevelMembers()
    {
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", bpe.SpaceInFront);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
    }

    /// <summary>Bytes from forms; the space that was put in front of the text goes again.</summary>
    private void WriteDecoder()
    {
        if (!bpe.SpaceInFront)
        {
            WriteByteLevel("decoder");
            return;
        }
        json.WriteStartObject("decoder");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("decoders");
        json.WriteStartObject();
        WriteByteLevelMembers();
        json.WriteEndObject();
        WriteType("Fuse");
        json.WriteStartObject();
        json.WriteString("type", "Strip");
        json.WriteString("content", " ");
        json.WriteNumber("start", 1);
        json.WriteNumber("stop", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePostProcessor()
    {
        if (options.FrameBegin is null && options.FrameEnd is null)
        {
            WriteByteLevel("post_processor");
            return;
        }
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WriteTemplate("single", ["A"]);
        WriteTemplate("pair", ["A", "B"]);
        json.WriteStartObject("special_tokens");
        foreach (string form in new[] { options.FrameBegin, options.FrameEnd }.OfType<string>().Distinct())
        {
            json.WriteStartObject(form);
            json.WriteString("id", form);
            json.WriteStartArray("ids");
            json.WriteNumberValue(bpe.SpecialId(form));
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(form);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Begin, then each text with an end; the second text and its end are of type 1.</summary>
    private void WriteTemplate(string name, string[] texts)
    {
        json.WriteStartArray(name);
        if (options.FrameBegin is { } begin)
            WritePart("SpecialToken", begin, 0);
        for (int type = 0; type < texts.Length; type++)
        {
            WritePart("Sequence", texts[type], type);
            if (options.FrameEnd is { } end)
                WritePart("SpecialToken", end, type);
        }
        json.WriteEndArray();
    }

    private void WritePart(string kind, string id, int type)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteModel()
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (string nothing in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" })
            json.WriteNull(nothing);
        foreach (string flag in new[] { "fuse_unk", "byte_fallback", "ignore_merges" })
            json.WriteBoolean(flag, false);
        json.WritePropertyName("vocab");
        bpe.WriteVocabulary(json);
        json.WriteStartArray("merges");
        foreach ((string left, string right) in bpe.Merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
