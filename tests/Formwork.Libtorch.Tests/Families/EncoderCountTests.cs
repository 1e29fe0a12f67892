using System.Text.Json.Nodes;
using Xunit;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// With the dimensions of a published checkpoint a reference names as many learned numbers as that checkpoint is published with (the hub's count
/// of its safetensors; matrices that are used twice once, tables of ids and sinusoids left out), so no tensor is forgotten and none is thought up.
/// </summary>
public class EncoderCountTests
{
    private const string Base = """ "hidden_size": 768, "num_hidden_layers": 12, "intermediate_size": 3072, """;

    /// <summary>The model, its family here, its dimensions, its learned numbers.</summary>
    public static TheoryData<string, string, string, long> Models => new()
    {
        // Without the head of next-sentence prediction, 1,538 numbers.
        { "BERT base", "bert_original", Base + """ "max_position_embeddings": 512, "vocab_size": 30522 """, 110_106_428 - 1_538 },
        {
            "all-MiniLM-L6-v2", "minilm",
            """ "hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536, "max_position_embeddings": 512, "vocab_size": 30522 """,
            22_713_728 - 512
        },
        { "RoBERTa base", "roberta", Base + """ "max_position_embeddings": 514, "vocab_size": 50265 """, 124_697_947 - 514 },
        { "XLM-RoBERTa base", "xlm_roberta", Base + """ "max_position_embeddings": 514, "vocab_size": 250002 """, 278_295_186 },
        {
            "DistilBERT base", "distilbert",
            """ "dim": 768, "hidden_dim": 3072, "n_layers": 6, "max_position_embeddings": 512, "vocab_size": 30522 """, 66_985_530
        },
        { "ModernBERT base", "modernbert", """ "hidden_size": 768, "num_hidden_layers": 22, "intermediate_size": 1152, "vocab_size": 50368 """, 149_655_232 },
        { "nomic-embed-text-v1.5", "nomic_embed", """ "n_embd": 768, "n_layer": 12, "n_inner": 3072, "vocab_size": 30528 """, 136_731_648 },
        // Without the class token, the convolution and the classifier of 1,000 labels.
        { "ViT base", "vit", Base + """ "image_size": 224, "patch_size": 16, "id2label": {} """, 86_567_656 - 768 - 590_592 - 1000 * 769 },
        {
            "T5 small", "t5",
            """ "d_model": 512, "d_ff": 2048, "d_kv": 64, "num_heads": 8, "num_layers": 6, "num_decoder_layers": 6, "vocab_size": 32128, "relative_attention_num_buckets": 32 """,
            60_506_624
        },
        {
            "Flan-T5 small", "flan_t5",
            """ "d_model": 512, "d_ff": 1024, "d_kv": 64, "num_heads": 6, "num_layers": 8, "num_decoder_layers": 8, "vocab_size": 32128, "relative_attention_num_buckets": 32 """,
            76_961_152
        },
        // Published without the bias on logits, which is 0.
        { "BART base", "bart", TwoStacks(768, 6, 3072, 50265) + """, "max_position_embeddings": 1024 """, 139_420_416 + 50_265 },
        { "mBART-50", "mbart", TwoStacks(1024, 12, 4096, 250054) + """, "max_position_embeddings": 1024 """, 610_879_488 + 250_054 },
        // Without two tables of sinusoids, 512 × 512 each.
        { "OPUS-MT en-de", "marian", TwoStacks(512, 6, 2048, 58101) + """, "decoder_vocab_size": 58101 """, 74_468_597 - 524_288 },
        { "NLLB-200 600M", "nllb", TwoStacks(1024, 12, 4096, 256206), 615_073_792 },
        // Without two convolutions and the table of sinusoids.
        { "Whisper tiny", "whisper", TwoStacks(384, 4, 1536, 51865) + """, "max_target_positions": 448 """, 37_760_640 - 535_296 - 576_000 },
    };

    [LibtorchTheory]
    [MemberData(nameof(Models))]
    public void AReferenceHasThePublishedNumbers(string model, string family, string dimensions, long count)
    {
        FamilyReference reference = EncoderFamilies.All.Concat<FamilyReference>(EncoderDecoderFamilies.All).Single(one => one.Name == family);
        foreach ((string key, JsonNode? value) in JsonNode.Parse($"{{ {dimensions} }}")!.AsObject())
            reference.Config[key] = value!.DeepClone();

        long found = reference.Tensors.Where(entry => !entry.IsUnread).Sum(entry => (long)entry.Count);

        Assert.True(found == count, $"{model}: {found:N0}, {found - count:N0} more than published");
    }

    private static string TwoStacks(int width, int layers, int hidden, int vocabulary) => $"""
        "d_model": {width}, "encoder_layers": {layers}, "decoder_layers": {layers}, "encoder_ffn_dim": {hidden}, "decoder_ffn_dim": {hidden}, "vocab_size": {vocabulary}
        """;
}
