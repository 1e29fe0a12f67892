using Formwork.Compiler.Text;

namespace Formwork.Compiler.Ops;

/// <summary>How a worker's panels are divided into the groups that tiles are as wide as.</summary>
internal static class GradientGroups
{
    /// <summary>
    /// Writes loops of <c>panel</c> up to <c>end</c>, widest groups first. Four panels become two and two, not three and one: a tile of one
    /// panel does too little for what it reads.
    /// </summary>
    public static void Loop(CodeWriter writer, int most, Func<int, string> call)
    {
        for (int panels = most; panels > 0; panels--)
        {
            string four = panels == 3 ? " && panel + 4 != end" : "";
            writer.Lines(
                $"""
                for (; {(panels == 1 ? "panel < end; panel++" : $"panel + {panels} <= end{four}; panel += {panels}")})
                    {call(panels)}
                """);
        }
    }
}
