using System.Runtime.InteropServices;
using Formwork.Compiler.Graph;
using Formwork.Compiler.Layouts;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;
using Formwork.TestSupport;
using Formwork.TestSupport.Checkpoints;
using Formwork.TestSupport.Compilation;
using Formwork.TestSupport.Interpreter;
using Xunit;

namespace Formwork.Import.Tests.Loading;

/// <summary>From a folder to numbers: imported, compiled, loaded.</summary>
public sealed class ImportedWeightsTests
{
    private const string Vit = """
        {
          "architectures": ["ViTForImageClassification"], "model_type": "vit", "hidden_act": "gelu", "hidden_size": 32, "id2label": {"0": "cat", "1": "dog"},
          "image_size": 8, "intermediate_size": 64, "layer_norm_eps": 1e-12, "num_attention_heads": 4, "num_channels": 3, "num_hidden_layers": 2,
          "patch_size": 4, "qkv_bias": true
        }
        """;

    [DataFact("stories260K-hf", "stories260K")]
    public void StoriesFolderGivesTheLogitsOfItsGolden()
    {
        const int Tokens = 32, Vocabulary = 512;
        string folder = TestData.Path("stories260K-hf");
        ModelSpec spec = HuggingFaceFolder.Import(folder).Spec;
        ReadOnlySpan<float> golden = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "g01_logits_first32_f64ref.f32")));
        using var run = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(TestData.Path("stories260K", "golden", "g01.json")));
        int[] tokens = [.. run.RootElement.GetProperty("per_step").EnumerateArray().Take(Tokens).Select(step => step.GetProperty("in").GetInt32())];

        using DecoderModel model = InMemoryCompiler.Compile(spec).Load(spec.Name, folder);
        using DecoderSession session = model.NewSession();
        for (int position = 0; position < Tokens; position++)
        {
            session.Prefill([tokens[position]]);
            for (int token = 0; token < Vocabulary; token++)
                Assert.Equal(golden[position * Vocabulary + token], session.Logits[token], 2e-4f);
        }
    }

    [Fact]
    public void VitTakesPositionsOfABatchOfOneAndLeavesItsFrontEndOut()
    {
        using var folder = new FolderOnDisk(Vit);
        ModelSpec spec = HuggingFaceFolder.Import(folder.Path, "TinyVit").Spec;
        Assert.Equal((5, 2), (spec.Encoder!.Context, spec.Classifier!.Labels));
        ModelGraph graph = GraphBuilder.Build(spec);
        IReadOnlyDictionary<string, double[]> parameters = RandomParameters.Draw(graph, seed: 9);
        IEnumerable<(string, int[], float[])> transformer = LayoutCheckpoint.Tensors(graph, parameters).Select(tensor => tensor.Name == "embeddings.position_embeddings"
            ? ("vit." + tensor.Name, [1, .. tensor.Shape], tensor.Values)
            : (tensor.Name.StartsWith("classifier", StringComparison.Ordinal) ? tensor.Name : "vit." + tensor.Name, tensor.Shape, tensor.Values));
        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"),
        [
            .. transformer,
            ("vit.embeddings.cls_token", new[] { 1, 1, 32 }, new float[32]),
            ("vit.embeddings.patch_embeddings.projection.weight", new[] { 32, 3, 4, 4 }, new float[32 * 3 * 4 * 4]),
            ("vit.embeddings.patch_embeddings.projection.bias", new[] { 32 }, new float[32]),
        ]);
        Assert.Equal(spec, HuggingFaceFolder.Import(folder.Path, "TinyVit").Spec);

        ModelSpec plain = spec with { Weights = KnownLayouts.Default };
        using var reference = new TemporaryFolder();
        LayoutCheckpoint.Write(reference.Path, GraphBuilder.Build(plain), parameters);
        Assert.Equal(States(plain, reference.Path), States(spec, folder.Path));
    }

    private static float[] States(ModelSpec spec, string folder)
    {
        using EncoderModel model = InMemoryCompiler.Compile(spec).Load<EncoderModel>(spec.Name, folder, new LoadOptions { Threads = 1 });
        var vectors = new float[5, 32];
        for (int row = 0; row < 5; row++)
        {
            for (int column = 0; column < 32; column++)
                vectors[row, column] = MathF.Sin(row * 32 + column);
        }
        return model.EncodeVectors(vectors);
    }
}
