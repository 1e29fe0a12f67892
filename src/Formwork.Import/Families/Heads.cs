using Formwork.Import.Configuration;
using Formwork.Import.Drafts;

namespace Formwork.Import.Families;

/// <summary>Numbers and widths of heads, and their biases.</summary>
internal static class Heads
{
    /// <summary>Width of a head where it is the width shared out among the heads.</summary>
    /// <exception cref="Runtime.InvalidInputException">It cannot be shared out.</exception>
    public static int WidthOf(ConfigSection config, string widthKey, string headsKey)
    {
        int width = config.Count(widthKey), heads = config.Count(headsKey);
        return width % heads == 0 ? width / heads : throw config.Wrong(headsKey, heads, $"a divisor of {widthKey}, which is {width}", "Correct one of the two.");
    }

    /// <summary>Number of key and value heads.</summary>
    /// <exception cref="Runtime.InvalidInputException">The heads cannot be shared out among them.</exception>
    public static int KeyValue(ConfigSection config, int heads, string headsKey = "num_attention_heads", string key = "num_key_value_heads")
    {
        int count = config.Count(key, heads);
        return heads % count == 0 ? count : throw config.Wrong(key, count, $"a divisor of {headsKey}, which is {heads}", "Correct one of the two.");
    }

    /// <summary>The spec's <c>attention.bias</c>.</summary>
    public static void AddBias(Section attention, bool query, bool key, bool value, bool output)
    {
        if (query == key && key == value && value == output)
            attention.Add("bias", query, usual: false);
        else
            attention.Add("bias", new Section { { "query", query, false }, { "key", key, false }, { "value", value, false }, { "output", output, false } });
    }
}
