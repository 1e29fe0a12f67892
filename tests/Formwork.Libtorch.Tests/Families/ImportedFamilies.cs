using System.Runtime.ExceptionServices;
using Formwork.Compiler;
using Formwork.Compiler.Spec;
using Formwork.Import;
using Formwork.Runtime.Models;
using Formwork.TestSupport;
using Formwork.TestSupport.Compilation;

namespace Formwork.Libtorch.Tests.Families;

/// <summary>
/// Families' tiny checkpoints on disk, imported as a user's folders would be and compiled: the other side of their references. All are
/// compiled in one go when the first is loaded, since starting Roslyn costs more than a model; those that learn one by one.
/// </summary>
public class ImportedFamilies : IDisposable
{
    /// <summary>The seed of the checkpoints' numbers.</summary>
    public const int Seed = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, ImportedModel> _models = [];
    private readonly Dictionary<string, Exception> _refused = [];
    private readonly Lazy<Func<string, CompiledAssembly>> _assemblies;
    private readonly FamilyReference[] _families;
    private readonly TrainingSpec? _training;

    /// <summary>Takes families of different names.</summary>
    /// <param name="families">The families.</param>
    /// <param name="training">What they are compiled with so that they can learn; null for nothing.</param>
    public ImportedFamilies(IEnumerable<FamilyReference> families, TrainingSpec? training = null)
    {
        _families = families.ToArray();
        _training = training;
        _assemblies = new Lazy<Func<string, CompiledAssembly>>(Compile);
    }

    /// <summary>The compiled model with the checkpoint's weights.</summary>
    /// <param name="name">The family.</param>
    /// <param name="maxPassTokens">The most tokens of a pass; few make long prompts take several.</param>
    public DecoderModel Load(string name, int maxPassTokens = 512) => Load<DecoderModel>(name, maxPassTokens);

    /// <summary>The same for a model of any architecture.</summary>
    /// <inheritdoc cref="Load(string, int)"/>
    public TModel Load<TModel>(string name, int maxPassTokens = 512)
        where TModel : TransformerModel
    {
        Func<string, CompiledAssembly> assemblies = _assemblies.Value;
        if (_refused.TryGetValue(name, out Exception? refusal))
            ExceptionDispatchInfo.Throw(refusal);
        return assemblies(name).Load<TModel>(_models[name].Spec.Name, _models[name].Folder,
            new LoadOptions { Threads = 1, MaxPassTokens = maxPassTokens, ParallelMultiplyAdds = 0 });
    }

    /// <summary>Deletes the checkpoints.</summary>
    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private Func<string, CompiledAssembly> Compile()
    {
        for (int index = 0; index < _families.Length; index++)
            Import(_families[index], $"Tiny{index}", shards: index % 3 + 1);
        // Passes that learn are much more code, so that what starting costs no longer counts, and each test tells what its own family takes.
        if (_training is not null)
            return family => InMemoryCompiler.Compile(_models[family].Spec);
        try
        {
            CompiledAssembly all = InMemoryCompiler.Compile(_models.Values.Select(model => model.Spec).ToArray());
            return _ => all;
        }
        catch (InvalidOperationException)
        {
            // Some family's code is at fault; one by one the tests tell which.
            return family => InMemoryCompiler.Compile(_models[family].Spec);
        }
    }

    private void Import(FamilyReference family, string model, int shards)
    {
        string folder = Directory.CreateDirectory(_folder.File(model)).FullName;
        TinyCheckpoint.Write(folder, family, Seed, shards);
        try
        {
            ImportedModel imported = TinyCheckpoint.Import(folder, family, model);
            imported = imported with { Spec = imported.Spec with { Training = _training } };
            CompiledModel compiled = ModelCompiler.Compile(imported.Spec);
            if (compiled.Files.Count == 0)
                throw new InvalidOperationException($"{family}: {string.Join("\n", compiled.Findings)}");
            _models[family.Name] = imported;
        }
        catch (Exception refusal)
        {
            // Told where this family is loaded, so that one refusal does not fail the others.
            _refused[family.Name] = refusal;
        }
    }
}
