using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using Formwork.Cli.Output;
using Formwork.Runtime;
using Formwork.Runtime.Models;

namespace Formwork.Cli.Commands;

/// <summary><c>formwork embed</c>: a vector for each text, or how alike the texts are.</summary>
internal static class EmbedCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var loading = new ModelLoading();
        var texts = new Argument<string[]>("text")
        {
            Description = "The texts. The lines of standard input when left out.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var similarity = new Option<bool>("--similarity") { Description = "The cosine of each text's vector with each other's, a line a text, instead of the vectors." };
        var command = new Command("embed", "Turn texts into vectors, a line each, with an encoder-only model.") { loading.Model, texts, similarity };
        loading.AddTo(command);
        command.SetAction(parsed =>
        {
            using EncoderModel model = loading.Load<EncoderModel>("an encoder-only model", parsed, terminal, cancellation);
            string[] given = parsed.GetValue(texts) is { Length: > 0 } arguments ? arguments : TextInput.Read(null, terminal, cancellation).Split('\n');
            bool alike = parsed.GetValue(similarity);
            if (alike && given.Length < 2)
                throw new InvalidInputException("text", null, "one text", "two or more, to be compared", "Give more texts, or leave out --similarity.");
            float[][] vectors = model.Embed(given);
            foreach (float[] vector in vectors)
                terminal.Write(Line(alike ? vectors.Select(other => Cosine(vector, other).ToString("F4", CultureInfo.InvariantCulture)) : vector.Select(Number)));
            return ExitCodes.Success;
        });
        return command;
    }

    // The zero vector is like nothing, not even itself.
    private static float Cosine(float[] one, float[] other)
    {
        float cosine = TensorPrimitives.CosineSimilarity<float>(one, other);
        return float.IsFinite(cosine) ? cosine : 0;
    }

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Line(IEnumerable<string> numbers) => string.Join(' ', numbers) + "\n";
}
