using Formwork.Models;
using Formwork.Runtime;
using Formwork.Runtime.Generation;

// The folder with the weights and the tokenizer; beside the spec they are copied to models/{{folder}} of the output folder.
string folder = Environment.GetEnvironmentVariable("MODEL_FOLDER") ?? Path.Combine(AppContext.BaseDirectory, "models", "{{folder}}");
string prompt = args.Length > 0 ? string.Join(' ', args) : "Once upon a time";
try
{
    using var model = {{name}}.Load(folder);
    foreach (string piece in model.Generate(prompt, new GenerationOptions { MaxTokens = 200, EchoPrompt = true }))
        Console.Write(piece);
    Console.WriteLine();
    return 0;
}
catch (InvalidInputException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
