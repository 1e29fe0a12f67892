using Formwork.Compiler.Spec;
using Xunit;

namespace Formwork.Import.Tests.Families;

/// <summary>Which heads an encoder's folder has: by its tensors, and by the class it was saved from where there are none.</summary>
public sealed class EncoderHeadsTests
{
    private const string Bert = """
        {
          "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": 32, "intermediate_size": 64, "layer_norm_eps": 1e-12,
          "max_position_embeddings": 128, "num_attention_heads": 4, "num_hidden_layers": 2, "type_vocab_size": 2, "vocab_size": 256
        }
        """;

    private static readonly string Roberta = FolderOnDisk.Changed(Bert, ("model_type", "\"roberta\""), ("pad_token_id", "1"), ("type_vocab_size", "1"));

    private const string Distil = """
        {
          "architectures": ["DistilBertForSequenceClassification"], "model_type": "distilbert", "activation": "gelu", "dim": 32, "hidden_dim": 64,
          "id2label": {"0": "NEGATIVE", "1": "POSITIVE"}, "max_position_embeddings": 128, "n_heads": 4, "n_layers": 2, "vocab_size": 256
        }
        """;

    [Fact]
    public void ModelHasAPoolerUnlessTheWeightsHaveNone()
    {
        Assert.NotNull(Spec(Bert).Pooler);
        Assert.Null(Spec(Bert, "embeddings.word_embeddings.weight").Pooler);
        Assert.NotNull(Spec(Bert, "bert.embeddings.word_embeddings.weight", "bert.pooler.dense.weight").Pooler);
    }

    [Fact]
    public void MaskedHeadIsFoundByClassOrByTensors()
    {
        string masked = FolderOnDisk.Changed(Bert, ("architectures", "[\"BertForMaskedLM\"]"));
        Assert.Equal((Activation.Gelu, true), (Spec(masked).Unembedding!.Transform, Spec(masked).Unembedding!.Bias));
        Assert.Null(Spec(masked).Pooler);
        Assert.Null(Spec(Bert).Unembedding);
        // A class that was saved with more than its name says.
        Assert.NotNull(Spec(Bert, "cls.predictions.transform.dense.weight").Unembedding);
        Assert.Null(Spec(masked, "bert.embeddings.word_embeddings.weight").Unembedding);
    }

    [Fact]
    public void OldNamesOfNormsChooseTheirLayout()
    {
        Assert.Equal("bert", Spec(Bert).Weights.Name);
        Assert.Equal("bert_gamma", Spec(Bert, "bert.embeddings.LayerNorm.gamma").Weights.Name);
    }

    [Fact]
    public void ClassifiersHaveAsManyLabelsAsTheFileNames()
    {
        string two = FolderOnDisk.Changed(Bert, ("architectures", "[\"BertForSequenceClassification\"]"));
        Assert.Equal(2, Spec(two).Classifier!.Labels);
        Assert.Equal(Activation.Tanh, Spec(two).Pooler!.Activation);
        Assert.Equal(1, Spec(FolderOnDisk.Changed(two, ("id2label", "{\"0\": \"LABEL_0\"}"))).Classifier!.Labels);
    }

    [Fact]
    public void RobertasClassifierPoolsBeforeItself()
    {
        ModelSpec spec = Spec(FolderOnDisk.Changed(Roberta, ("architectures", "[\"RobertaForSequenceClassification\"]"), ("num_labels", "3")));
        Assert.Equal(("roberta_classifier", 3, Activation.Tanh), (spec.Weights.Name, spec.Classifier!.Labels, spec.Pooler!.Activation));
        // 128 rows, of which the first belongs to position 0 after the padding token's number.
        Assert.Equal((126, 2), (spec.Encoder!.Context, spec.Encoder.Positions.Offset));
    }

    [Fact]
    public void DistilBertsClassifierPoolsWithRelu()
    {
        ModelSpec spec = Spec(Distil);
        Assert.Equal((2, Activation.Relu), (spec.Classifier!.Labels, spec.Pooler!.Activation));
        Assert.Null(spec.Unembedding);
    }

    [Theory]
    [InlineData("BertForTokenClassification")]
    [InlineData("BertForQuestionAnswering")]
    public void OtherHeadsAreRefused(string saved) =>
        ImportAssert.Refuses(new FolderOnDisk(FolderOnDisk.Changed(Bert, ("architectures", $"[\"{saved}\"]"))), "architectures", saved, "ForMaskedLM");

    [Fact]
    public void DecoderMadeOfBertIsRefused() =>
        ImportAssert.Refuses(new FolderOnDisk(FolderOnDisk.Changed(Bert, ("is_decoder", "true"))), "is_decoder", "true", "an encoder");

    [Fact]
    public void RelativePositionsOfBertAreRefused() =>
        ImportAssert.Refuses(new FolderOnDisk(FolderOnDisk.Changed(Bert, ("position_embedding_type", "\"relative_key\""))), "position_embedding_type", "relative_key", "absolute");

    private static ModelSpec Spec(string config, params string[] tensors)
    {
        using var folder = new FolderOnDisk(config);
        if (tensors.Length > 0)
            folder.WithTensors(tensors);
        return HuggingFaceFolder.Import(folder.Path).Spec;
    }
}
