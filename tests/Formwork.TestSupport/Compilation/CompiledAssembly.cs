using System.Reflection;
using Formwork.Runtime.Models;

namespace Formwork.TestSupport.Compilation;

/// <summary>Compiled models, by the name of their spec.</summary>
public sealed class CompiledAssembly(Assembly assembly)
{
    /// <summary>The assembly, for tests that look at its code.</summary>
    public Assembly Assembly => assembly;

    /// <summary>Loads a model with the weights in a folder or file.</summary>
    /// <exception cref="Formwork.Runtime.InvalidInputException">The weights are not the model's.</exception>
    public DecoderModel Load(string model, string weights, LoadOptions? options = null) => Load<DecoderModel>(model, weights, options);

    /// <summary>The same for a model of any architecture.</summary>
    /// <inheritdoc cref="Load(string, string, LoadOptions?)"/>
    public TModel Load<TModel>(string model, string weights, LoadOptions? options = null)
        where TModel : TransformerModel
    {
        Type type = assembly.GetType($"Formwork.Models.{model}", throwOnError: true)!;
        MethodInfo load = type.GetMethod("Load", [typeof(string), typeof(LoadOptions)]) ?? throw new MissingMethodException(type.FullName, "Load");
        return load.CreateDelegate<Func<string, LoadOptions?, TModel>>()(weights, options);
    }
}
