using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;

namespace Formwork.Models.Tests.Emitted;

/// <summary>All of <see cref="Features"/>, compiled once.</summary>
public sealed class FeatureModels : IDisposable
{
    private readonly Dictionary<string, EmittedModel> _models;

    public FeatureModels()
    {
        ModelSpec[] specs = Features.All.Values.ToArray();
        _models = Features.All.Keys.Zip(EmittedModel.Compile(specs)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The model that shows a feature.</summary>
    public EmittedModel this[string feature] => _models[feature];

    public void Dispose()
    {
        foreach (EmittedModel model in _models.Values)
            model.Dispose();
    }
}
