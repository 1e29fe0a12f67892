using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Encodings.Web;
using System.Text.Json;
using Formwork.Runtime;

namespace Formwork.Cli.Commands.Learning;

/// <summary>The options that a run was started with, <c>run.json</c> in its folder, so that it can go on with no word more than the folder's name.</summary>
internal sealed class RunRecord
{
    private const int Version = 1;
    private const string Name = "run.json";

    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, string[]> _options = new(StringComparer.Ordinal);

    /// <summary>Takes the options that were given.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="paths">The options whose values are paths; they are kept in full.</param>
    public RunRecord(ParseResult given, IReadOnlyCollection<Option> paths)
    {
        foreach (Option option in given.CommandResult.Command.Options)
        {
            if (given.GetResult(option) is { Implicit: false } result)
                _options[option.Name] = [.. result.Tokens.Select(token => paths.Contains(option) ? Path.GetFullPath(token.Value) : token.Value)];
        }
    }

    private RunRecord()
    {
    }

    /// <summary>Says another value of an option, or a first one.</summary>
    public void Set(Option option, params string[] values) => _options[option.Name] = values;

    /// <summary>Says nothing of some options.</summary>
    public void Forget(params IEnumerable<Option> options)
    {
        foreach (Option option in options)
            _options.Remove(option.Name);
    }

    /// <summary>Writes the record.</summary>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void Save(string folder)
    {
        string path = Path.Combine(folder, Name), temporary = path + ".tmp";
        try
        {
            using (FileStream stream = File.Create(temporary))
            using (var json = new Utf8JsonWriter(stream, Readable))
            {
                json.WriteStartObject();
                json.WriteNumber("version", Version);
                json.WriteStartObject("options");
                foreach ((string name, string[] values) in _options)
                {
                    json.WriteStartArray(name);
                    Array.ForEach(values, json.WriteStringValue);
                    json.WriteEndArray();
                }
                json.WriteEndObject();
                json.WriteEndObject();
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, null, $"a file that cannot be written ({error.Message})", "a place to write to",
                "Free space there, or give another folder: --output.", error);
        }
    }

    /// <summary>The command line that goes on with a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="given">The command line that asks for it; what it says anew holds.</param>
    /// <param name="except">Options of it that are no part of the run's.</param>
    /// <exception cref="InvalidInputException">The folder is no run's, or its record is broken.</exception>
    public static ParseResult Resumed(string folder, ParseResult given, params IReadOnlyCollection<Option> except)
    {
        Command command = given.CommandResult.Command;
        RunRecord record = Read(folder);
        foreach (Option option in command.Options.Except(except))
        {
            if (given.GetResult(option) is { Implicit: false } result)
                record._options[option.Name] = [.. result.Tokens.Select(token => token.Value)];
        }
        // After the option's name, so that a value may begin with a dash.
        IEnumerable<string> words = record._options.SelectMany(
            entry => entry.Value.Length == 0 ? [entry.Key] : entry.Value.Select(value => $"{entry.Key}={value}"));
        ParseResult parsed = command.Parse([folder, .. words], new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? parsed : throw new InvalidInputException(
            Path.Combine(folder, Name), null, parsed.Errors[0].Message, "the options of a run", "Start the run anew in another folder.");
    }

    private static RunRecord Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new InvalidInputException(
                folder, null, Directory.Exists(folder) ? $"no {Name}" : "no such folder", "the folder of a run that 'formwork train' began",
                "Check the path, or begin a run: 'formwork train MODEL --data FILE'.");
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.GetProperty("version").GetInt32() is var version && version != Version)
                throw new FormatException($"version {version}");
            var record = new RunRecord();
            foreach (JsonProperty option in document.RootElement.GetProperty("options").EnumerateObject())
                record._options[option.Name] = [.. option.Value.EnumerateArray().Select(value => value.GetString()!)];
            return record;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException(path, null, $"a file that is none ({error.Message})", $"the options of a run, version {Version}",
                "Start the run anew in another folder.", error);
        }
    }
}
