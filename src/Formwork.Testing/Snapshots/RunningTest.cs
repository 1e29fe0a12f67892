using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Formwork.Testing.Snapshots;

/// <summary>
/// The test that is running: the nearest caller with an attribute of a test framework, so that a helper may stand between it and the
/// comparison; where there is none on the stack (a helper that has awaited), the caller that the compiler names.
/// </summary>
internal sealed record RunningTest(Type? Type, MethodInfo? Method, string TypeName, string MethodName, string Directory)
{
    private static readonly HashSet<string> s_testAttributes =
        ["FactAttribute", "TheoryAttribute", "TestAttribute", "TestCaseAttribute", "TestMethodAttribute"];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static RunningTest Find(string sourceFile, string memberName)
    {
        string directory = Path.GetDirectoryName(sourceFile) ?? "";
        List<MethodInfo> callers = [.. Callers()];
        MethodInfo? method = callers.Find(IsTest) ?? callers.Find(caller => caller.Name == memberName);
        return method?.DeclaringType is Type type
            ? new RunningTest(type, method, TestNames.Of(type), method.Name, directory)
            : new RunningTest(null, null, Path.GetFileNameWithoutExtension(sourceFile), memberName, directory);
    }

    private static IEnumerable<MethodInfo> Callers()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is MethodInfo { DeclaringType: Type type } method && type.Assembly != typeof(RunningTest).Assembly)
                yield return SourceMethod(method, type);
        }
    }

    /// <summary>An async method runs as <c>MoveNext</c> of a nested type that the compiler made for it; this finds what was written.</summary>
    private static MethodInfo SourceMethod(MethodInfo method, Type type)
    {
        if (type.DeclaringType is not Type outer || !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            return method;
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return outer.GetMethods(all).FirstOrDefault(
            candidate => candidate.GetCustomAttribute<AsyncStateMachineAttribute>()?.StateMachineType is Type machine
                && (machine == type || (type.IsGenericType && machine == type.GetGenericTypeDefinition()))) ?? method;
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributesData().Any(attribute => IsTestAttribute(attribute.AttributeType));

    private static bool IsTestAttribute(Type? attribute)
    {
        for (; attribute is not null; attribute = attribute.BaseType)
        {
            if (s_testAttributes.Contains(attribute.Name))
                return true;
        }

        return false;
    }
}
