using System.Globalization;
using System.Text;

namespace Formwork.Compiler.Spec.Yaml;

/// <summary>Writes values and one-line sections, such as <c>{heads: 12, bias: true}</c>, which <see cref="YamlReader"/> reads back.</summary>
internal sealed class YamlFlow : List<KeyValuePair<string, string>>
{
    /// <summary>Adds a key with a value that is YAML already.</summary>
    public void Add(string key, string value) => Add(new KeyValuePair<string, string>(key, value));

    public void Add(string key, int value) => Add(key, value.ToString(CultureInfo.InvariantCulture));

    public void Add(string key, double value) => Add(key, Number(value));

    public void Add(string key, bool value) => Add(key, Boolean(value));

    public override string ToString() => "{" + string.Join(", ", this.Select(member => $"{member.Key}: {member.Value}")) + "}";

    /// <summary>A list on one line.</summary>
    public static string List(IEnumerable<string> items) => "[" + string.Join(", ", items) + "]";

    public static string Boolean(bool value) => value ? "true" : "false";

    /// <summary>The shortest digits that give the same number again.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");

    /// <summary>A text: as it is when no reader could take it for anything else, and in quotes otherwise.</summary>
    public static string Text(string text)
    {
        bool plain = text.Length > 0 && char.IsLetter(text[0]) && !new YamlScalar(text, false, Diagnostics.SourceSpan.FileStart).IsNull
            && text.All(character => character is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '-' or '.' or '/');
        if (plain)
            return text;
        var quoted = new StringBuilder("\"");
        foreach (char character in text)
        {
            if (character is '"' or '\\')
                quoted.Append('\\').Append(character);
            else if (char.IsControl(character))
                quoted.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture));
            else
                quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }
}
