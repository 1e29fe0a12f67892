using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Formwork.Compiler.Planning;
using Formwork.Compiler.Text;
using Formwork.Runtime.Threading;

namespace Formwork.TestSupport.Compilation;

/// <summary>Kernels compiled without a model around them.</summary>
public sealed class CompiledKernels
{
    private readonly Type _holder;

    private CompiledKernels(Type holder) => _holder = holder;

    /// <summary>Compiles kernels, whose names differ, in one go: starting Roslyn costs more than a kernel.</summary>
    /// <exception cref="InvalidOperationException">The emitted code has an error or a warning.</exception>
    public static CompiledKernels Compile(params IEnumerable<Kernel> kernels)
    {
        var writer = new CodeWriter();
        foreach (string name in new[]
        {
            "System", "System.Numerics.Tensors", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics",
            "Formwork.Runtime.Kernels", "Formwork.Runtime.Models", "Formwork.Runtime.Threading", "Formwork.Runtime.Training",
        })
            writer.Lines($"using global::{name};");
        writer.Lines("namespace Formwork.Models;");
        using (writer.Block("public static unsafe class Kernels"))
        {
            foreach (Kernel kernel in kernels.SelectMany(kernel => kernel.WithUsed).Distinct())
                kernel.EmitCSharp(writer);
        }
        Assembly assembly = InMemoryCompiler.Load([CSharpSyntaxTree.ParseText(writer.ToString())]);
        return new CompiledKernels(assembly.GetType("Formwork.Models.Kernels", throwOnError: true)!);
    }

    /// <summary>The address of a kernel's <c>Run</c>, for a function pointer of its parameters.</summary>
    public nint Run(Kernel kernel) => Method(kernel).MethodHandle.GetFunctionPointer();

    /// <summary>Calls a kernel's <c>Run</c>, whose parameters are not always the same; pointers are passed as <see cref="nint"/>.</summary>
    public void Call(Kernel kernel, params object[] arguments) =>
        Method(kernel).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private MethodInfo Method(Kernel kernel)
    {
        Type type = _holder.GetNestedType(kernel.Name, BindingFlags.NonPublic) ?? throw new MissingMemberException(_holder.Name, kernel.Name);
        return type.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
    }

    /// <summary>Runs a pass on so many workers.</summary>
    public static void OnWorkers(int count, Action<Worker> pass)
    {
        using var team = new WorkerTeam(count);
        team.Run(pass, alone: false);
    }
}
