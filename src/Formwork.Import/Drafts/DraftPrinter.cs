using System.Text;
using Formwork.Import.Folders;

namespace Formwork.Import.Drafts;

/// <summary>Prints a draft as a spec that reads as if written by hand: a line a section, in the order of the keys' documentation.</summary>
internal static class DraftPrinter
{
    private const int LongestLine = 140;

    /// <summary>The YAML, lines ended by <c>\n</c>.</summary>
    public static string Print(SpecDraft draft, ModelFolder folder)
    {
        var text = new StringBuilder();
        text.Append($"# {folder.ModelType}, imported from {HuggingFaceFolder.ConfigurationFile}.\n");
        foreach (string remark in draft.Remarks)
            text.Append($"# {remark}\n");
        Line(text, "model", draft.Name);
        Line(text, "architecture", draft.Architecture);
        Line(text, "vocabulary", draft.Vocabulary);
        Line(text, "source_vocabulary", draft.SourceVocabulary);
        Line(text, "context", draft.Stack.Context);
        Line(text, "width", draft.Width);
        Stack(text, draft.Stack, "");
        Inner(text, "encoder", draft.Encoder);
        Inner(text, "decoder", draft.Decoder);
        Line(text, "embedding", draft.Embedding);
        // An empty section says that there is a masked-language-model head without anything special.
        if (draft.Unembedding is { } unembedding)
            text.Append($"unembedding: {unembedding}\n");
        Line(text, "pooler", draft.Pooler);
        Line(text, "classifier", draft.Classifier);
        Line(text, "pooling", draft.Pooling);
        Line(text, "generation", draft.Generation);
        Line(text, "weights", Weights(draft));
        Line(text, "tokenizer", draft.Tokenizer);
        return text.ToString();
    }

    private static Section Weights(SpecDraft draft) => draft.Ignored.Count == 0
        ? new Section { { "layout", draft.Layout } }
        : new Section { { "extends", draft.Layout }, { "tensors", "{}" }, { "ignored", "[" + string.Join(", ", draft.Ignored.Select(name => $"\"{name}\"")) + "]" } };

    private static void Inner(StringBuilder text, string key, StackDraft stack)
    {
        if (stack.IsEmpty)
            return;
        text.Append(key).Append(":\n");
        Line(text, "  context", stack.Context);
        Stack(text, stack, "  ");
    }

    private static void Stack(StringBuilder text, StackDraft stack, string indent)
    {
        Layers(text, stack, indent);
        Line(text, indent + "attention", stack.Attention);
        Line(text, indent + "cross_attention", stack.CrossAttention);
        Line(text, indent + "feed_forward", stack.FeedForward);
        Line(text, indent + "norm", stack.Norm);
        Line(text, indent + "positions", stack.Positions);
        foreach ((string key, object value) in stack.Values)
            Line(text, indent + key, value);
    }

    // Layers that are alike and follow each other are one group.
    private static void Layers(StringBuilder text, StackDraft stack, string indent)
    {
        if (stack.Differences is not { } differences || differences.All(difference => difference.IsEmpty))
        {
            Line(text, indent + "layers", stack.Layers);
            return;
        }
        text.Append(indent).Append("layers:\n");
        for (int first = 0, next; first < differences.Length; first = next)
        {
            string difference = differences[first].ToString();
            for (next = first + 1; next < differences.Length && differences[next].ToString() == difference;)
                next++;
            string rest = differences[first].IsEmpty ? "}" : ", " + difference[1..];
            text.Append($"{indent}  - {{repeat: {next - first}{rest}\n");
        }
    }

    private static void Line(StringBuilder text, string key, object? value)
    {
        switch (value)
        {
            case null or Section { IsEmpty: true }:
                return;
            case Section section when key.Length + section.ToString().Length + 2 > LongestLine:
                text.Append(key).Append(":\n");
                string indent = new string(' ', key.Length - key.TrimStart().Length) + "  ";
                foreach ((string inner, object innerValue) in section)
                    Line(text, indent + inner, innerValue);
                return;
            default:
                text.Append($"{key}: {value}\n");
                return;
        }
    }
}
