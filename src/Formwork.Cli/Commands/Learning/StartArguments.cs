using System.CommandLine;
using Formwork.Cli.Compilation;
using Formwork.Compiler.Spec;
using Formwork.Runtime.Models;
using Formwork.Runtime.Weights;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The options that say which weights a run starts from.</summary>
internal sealed class StartArguments
{
    private static readonly (string Name, Initialization Value)[] Initializations =
        [("gpt2", Initialization.Gpt2), ("xavier", Initialization.Xavier), ("torch", Initialization.Torch)];

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Go on from these weights, a checkpoint's file or folder; those beside the spec unless said, if there are any.", HelpName = "path",
    };

    private readonly Option<bool> _fromScratch = new("--from-scratch") { Description = "Draw the first weights, even where there are some beside the spec." };
    private readonly Option<string?> _initialization = new("--initialization")
    {
        Description = "How first weights are drawn, from scratch then; xavier for encoder-decoders and gpt2 for others unless said.",
        HelpName = string.Join('|', Initializations.Select(entry => entry.Name)),
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        _initialization.AcceptOnlyFromAmong([.. Initializations.Select(entry => entry.Name)]);
        foreach (Option option in new Option[] { _weights, _fromScratch, _initialization })
            command.Options.Add(option);
        ModelLoading.Exclude(command, _weights, _fromScratch);
        ModelLoading.Exclude(command, _weights, _initialization);
    }

    /// <summary>The weights to go on from, a full path; null for weights that are drawn.</summary>
    public string? Weights(ParseResult parsed, SpecFile file)
    {
        if (parsed.GetValue(_weights) is { } path)
            return Path.GetFullPath(path);
        if (parsed.GetValue(_fromScratch) || parsed.GetValue(_initialization) is not null)
            return null;
        string folder = Path.GetFullPath(file.Folder);
        return Directory.EnumerateFiles(folder, "*.safetensors").Any() || File.Exists(Path.Combine(folder, "model.safetensors.index.json")) ? folder : null;
    }

    /// <summary>How weights are drawn.</summary>
    public Initialization InitializationOf(ParseResult parsed, Architecture architecture) => parsed.GetValue(_initialization) is { } name
        ? Initializations.Single(entry => entry.Name == name).Value
        : architecture == Architecture.EncoderDecoder ? Initialization.Xavier : Initialization.Gpt2;

    /// <summary>The name of a way of drawing weights.</summary>
    public static string NameOf(Initialization initialization) => Initializations.Single(entry => entry.Value == initialization).Name;

    /// <summary>The option that starts from the same weights again.</summary>
    public (Option Option, string[] Values) Resolved(string? weights) => weights is null ? (_fromScratch, []) : (_weights, [weights]);
}
