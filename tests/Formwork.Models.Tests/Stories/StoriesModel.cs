using Formwork.Runtime.Models;
using Formwork.TestSupport;

namespace Formwork.Models.Tests.Stories;

/// <summary>Loads the stories' model.</summary>
internal static class StoriesModel
{
    /// <summary>The folder that the model's project puts into the output.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "models", "stories260k");

    public static Stories260K Load(StoriesWeights weights = StoriesWeights.Shipped, int threads = 1, int maxPassTokens = 512)
    {
        // So small a model would run nearly all of its passes on one thread; here every pass runs on as many as there are.
        var options = new LoadOptions { Threads = threads, MaxPassTokens = maxPassTokens, ParallelMultiplyAdds = 0 };
        return weights switch
        {
            StoriesWeights.Llama2C => Stories260K.Load(
                TestData.Path("stories260K"), options with { Weights = TestData.Path("stories260K", "stories260K.bin") }),
            StoriesWeights.HuggingFace => Stories260K.Load(
                TestData.Path("stories260K-hf"), options with { Tokenizer = TestData.Path("stories260K") }),
            _ => Stories260K.Load(ShippedFolder, options),
        };
    }
}
