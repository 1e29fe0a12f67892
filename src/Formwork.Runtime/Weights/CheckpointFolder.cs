namespace Formwork.Runtime.Weights;

/// <summary>Chooses the weights in a folder.</summary>
internal static class CheckpointFolder
{
    private const string Expected =
        "model.safetensors, model.safetensors.index.json, exactly one *.safetensors, or exactly one llama2.c *.bin";

    /// <summary>The path of the one file that is meant.</summary>
    /// <exception cref="InvalidInputException">None is there, or several could be meant.</exception>
    public static string Find(string folder)
    {
        foreach (string usual in (string[])["model.safetensors", "model.safetensors.index.json"])
            if (File.Exists(Path.Combine(folder, usual)))
                return Path.Combine(folder, usual);
        try
        {
            return Only(folder, Files(folder, ".safetensors")) ?? Only(folder, LlamaFiles(folder)) ??
                throw new InvalidInputException(folder, null, $"no weights among {Directory.EnumerateFileSystemEntries(folder).Count()} entries", Expected,
                    "Put the weights there, or give their own path.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(folder, null, $"a folder that cannot be listed ({error.Message})", Expected, "Check that you may read it.", error);
        }
    }

    private static string? Only(string folder, string[] files) => files.Length < 2
        ? files.FirstOrDefault()
        : throw new InvalidInputException(folder, null, $"{files.Length} files that could be meant ({string.Join(", ", files.Take(5).Select(Path.GetFileName))})",
            Expected, "Give the path of the file itself.");

    // A llama2.c tokenizer is a .bin too and usually lies beside the weights; a file whose size is what its header says is the weights.
    private static string[] LlamaFiles(string folder)
    {
        var files = Files(folder, ".bin");
        var fitting = files.Where(Llama2CFile.Fits).ToArray();
        return fitting.Length > 0 ? fitting : files;
    }

    private static string[] Files(string folder, string extension) =>
        [.. Directory.EnumerateFiles(folder).Where(file => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
}
