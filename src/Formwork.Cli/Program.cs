using Formwork.Cli;

return CommandLine.Run(args);
