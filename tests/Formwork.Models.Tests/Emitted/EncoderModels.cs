using Formwork.TestSupport.Specs;

namespace Formwork.Models.Tests.Emitted;

/// <summary>All encoders and encoder-decoders of <see cref="EncoderFeatures"/>, compiled once.</summary>
public sealed class EncoderModels : IDisposable
{
    private readonly Dictionary<string, EmittedModel> _models;

    public EncoderModels()
    {
        var specs = EncoderFeatures.Encoders.Select(feature => (Name: feature.Key, Spec: feature.Value))
            .Concat(EncoderFeatures.Translators.Select(feature => (Name: TranslatorName(feature.Key), Spec: feature.Value))).ToArray();
        EmittedModel[] compiled = EmittedModel.Compile(specs.Select(feature => feature.Spec).ToArray());
        _models = specs.Zip(compiled).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    /// <summary>The encoder that shows a feature.</summary>
    public EmittedModel this[string feature] => _models[feature];

    /// <summary>The encoder-decoder that shows a feature.</summary>
    public EmittedModel Translator(string feature) => _models[TranslatorName(feature)];

    public void Dispose()
    {
        foreach (EmittedModel model in _models.Values)
            model.Dispose();
    }

    private static string TranslatorName(string feature) => $"translator: {feature}";
}
