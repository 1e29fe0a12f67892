namespace Formwork.Runtime.Chat.Jinja;

/// <content>Operators.</content>
internal abstract partial class Expression
{
    /// <summary><c>and</c>, <c>or</c>: the operand that decides.</summary>
    public sealed class Logical(int position, bool isAnd, Expression left, Expression right) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope)
        {
            object? first = left.Evaluate(scope);
            return JinjaValues.IsTrue(first) == isAnd ? right.Evaluate(scope) : first;
        }
    }

    public sealed class Not(int position, Expression operand) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => !JinjaValues.IsTrue(operand.Evaluate(scope));
    }

    /// <summary>A number with its sign.</summary>
    public sealed class Signed(int position, bool negative, Expression operand) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => operand.Evaluate(scope) switch
        {
            long number => (object)(negative ? -number : number),
            double number => negative ? -number : number,
            bool truth => negative ? (truth ? -1L : 0L) : truth ? 1L : 0L,
            var other => throw Wrong(JinjaValues.Kind(other), "a number after the sign"),
        };
    }

    /// <summary>Comparisons, several in a row as Python has them.</summary>
    public sealed class Comparison(int position, Expression first, IReadOnlyList<(string Sign, Expression Right)> rest) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope)
        {
            object? left = first.Evaluate(scope);
            foreach ((string sign, Expression next) in rest)
            {
                object? right = next.Evaluate(scope);
                if (!Holds(sign, left, right))
                    return false;
                left = right;
            }
            return true;
        }

        private bool Holds(string sign, object? left, object? right) => sign switch
        {
            "==" => JinjaValues.Equals(left, right),
            "!=" => !JinjaValues.Equals(left, right),
            "in" => Contains(right, left),
            "not in" => !Contains(right, left),
            _ => JinjaValues.Compare(left, right) is { } order
                ? sign switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 }
                : throw Wrong($"{JinjaValues.Kind(left)} {sign} {JinjaValues.Kind(right)}", "two numbers, two texts or two lists to compare"),
        };

        private bool Contains(object? whole, object? part) => whole switch
        {
            JinjaText text when part is JinjaText sought => text.Value.Contains(sought.Value, StringComparison.Ordinal),
            List<object?> list => list.Any(item => JinjaValues.Equals(item, part)),
            JinjaDictionary dictionary => part is JinjaText name && dictionary.TryGet(name.Value, out _),
            Undefined => false,
            _ => throw Wrong($"{JinjaValues.Kind(part)} in {JinjaValues.Kind(whole)}", "a text in a text, or a value in a list or dictionary"),
        };
    }

    /// <summary>The two values as texts, one after the other (<c>~</c>).</summary>
    public sealed class Concatenation(int position, Expression left, Expression right) : Expression(position)
    {
        public override object? Evaluate(JinjaScope scope) => JinjaText.Join([JinjaValues.Text(left.Evaluate(scope)), JinjaValues.Text(right.Evaluate(scope))]);
    }

    /// <summary>Arithmetic; <c>+</c> also joins texts and lists, <c>*</c> repeats them.</summary>
    public sealed class Arithmetic(int position, string sign, Expression left, Expression right) : Expression(position)
    {
        private const int LongestRepetition = 1 << 20;

        public override object? Evaluate(JinjaScope scope)
        {
            object? a = left.Evaluate(scope), b = right.Evaluate(scope);
            scope.Run.Step(Position);
            return (sign, a, b) switch
            {
                ("+", JinjaText one, JinjaText other) => JinjaText.Join([one, other]),
                ("+", List<object?> one, List<object?> other) => one.Concat(other).ToList(),
                ("*", JinjaText text, long count) => JinjaText.Join(Enumerable.Repeat(text, Times(count, text.Value.Length)).DefaultIfEmpty(JinjaText.Empty)),
                ("*", List<object?> list, long count) => Enumerable.Repeat(list, Times(count, list.Count)).SelectMany(item => item).ToList(),
                _ => Numbers(a, b),
            };
        }

        private int Times(long count, int length) => count * Math.Max(1L, length) <= LongestRepetition
            ? (int)Math.Max(0, count)
            : throw Wrong($"a repetition of {count} times", $"at most {LongestRepetition} characters or items");

        private object Numbers(object? a, object? b)
        {
            if (JinjaValues.Number(a) is not { } x || JinjaValues.Number(b) is not { } y)
                throw Wrong($"{JinjaValues.Kind(a)} {sign} {JinjaValues.Kind(b)}", sign == "+" ? "two numbers, two texts or two lists" : "two numbers");
            if (sign is "/" or "//" or "%" && y == 0)
                throw Wrong("a division by zero", "another number");
            if (sign != "/" && a is not double && b is not double && !(sign == "**" && y < 0))
                return Whole(Integer(a), Integer(b));
            return sign switch
            {
                "+" => x + y,
                "-" => x - y,
                "*" => x * y,
                "/" => x / y,
                "//" => Math.Floor(x / y),
                "%" => x - y * Math.Floor(x / y),
                _ => Math.Pow(x, y),
            };
        }

        private static long Integer(object? value) => value is bool truth ? (truth ? 1 : 0) : (long)value!;

        private object Whole(long x, long y)
        {
            try
            {
                return checked(sign switch
                {
                    "+" => x + y,
                    "-" => x - y,
                    "*" => x * y,
                    "//" => Floored(x, y),
                    "%" => x - y * Floored(x, y),
                    _ => Power(x, y),
                });
            }
            catch (OverflowException)
            {
                throw Wrong($"{x} {sign} {y}", "a result of 64 bits");
            }
        }

        private static long Floored(long x, long y) => checked(x / y) - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0);

        private static long Power(long x, long y)
        {
            if (x is 0 or 1)
                return y == 0 ? 1 : x;
            long result = 1;
            for (long i = 0; i < (x == -1 ? y % 2 : y); i++)
                result = checked(result * x);
            return result;
        }
    }
}
