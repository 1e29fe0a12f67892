namespace Formwork.Models.Tests.Stories;

/// <summary>The forms in which the stories' weights are tested.</summary>
public enum StoriesWeights
{
    /// <summary>llama2.c's own .bin.</summary>
    Llama2C,

    /// <summary>The converted folder of the test data.</summary>
    HuggingFace,

    /// <summary>What this repository ships in <c>models/stories260k</c>.</summary>
    Shipped,
}
