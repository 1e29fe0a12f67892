using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;

namespace Formwork.Models.Tests.Emitted;

/// <summary>All of <see cref="ExpertFeatures"/>, compiled once.</summary>
public sealed class ExpertModels : IDisposable
{
    private readonly Dictionary<string, EmittedModel> _models;

    public ExpertModels()
    {
        ModelSpec[] specs = ExpertFeatures.All.Values.ToArray();
        _models = ExpertFeatures.All.Keys.Zip(EmittedModel.Compile(specs)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The model that shows a feature.</summary>
    public EmittedModel this[string feature] => _models[feature];

    public void Dispose()
    {
        foreach (EmittedModel model in _models.Values)
            model.Dispose();
    }
}
