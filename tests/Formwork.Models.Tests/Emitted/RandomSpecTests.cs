using System.Globalization;
using Formwork.Compiler.Spec;
using Formwork.TestSupport.Specs;
using Xunit;
using Xunit.Sdk;

namespace Formwork.Models.Tests.Emitted;

/// <summary>
/// Emitted C# computes what the interpreter says, for architectures that nobody thought of. The seed is fixed, so that a run is repeatable;
/// the environment variable <c>FORMWORK_SEED</c> gives another.
/// </summary>
public class RandomSpecTests
{
    private const int BatchSize = 10;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomSpecsAgree(uint batch)
    {
        uint seed = uint.Parse(Environment.GetEnvironmentVariable("FORMWORK_SEED") ?? "20", CultureInfo.InvariantCulture);
        ModelSpec[] specs = RandomSpecs.Draw(BatchSize, seed + batch);
        foreach ((ModelSpec spec, string? fault) in specs.Zip(Faults(specs)))
        {
            if (fault is null)
                continue;
            ModelSpec smallest = SpecShrinker.Shrink(spec, simpler => Faults([simpler]).Single() is not null);
            throw new XunitException($"{fault}\nin {SpecText.Of(spec)}\nand already in {SpecText.Of(smallest)}\nwhere {Faults([smallest]).Single()}");
        }
    }

    /// <summary>What is wrong with each spec; null for nothing.</summary>
    private static string?[] Faults(IReadOnlyCollection<ModelSpec> specs)
    {
        EmittedModel[] models = [];
        try
        {
            models = EmittedModel.Compile(specs);
            return models.Select(Fault).ToArray();
        }
        catch (Exception uncompiled)
        {
            return specs.Count == 1 ? [uncompiled.Message] : specs.SelectMany(spec => Faults([spec])).ToArray();
        }
        finally
        {
            foreach (EmittedModel model in models)
                model.Dispose();
        }
    }

    private static string? Fault(EmittedModel model)
    {
        try
        {
            Agreement.Check(model);
            return null;
        }
        catch (Exception fault)
        {
            return fault.Message;
        }
    }
}
