namespace Outbox.Cli.Answers;

/// <summary>Ends the command with a code and one sentence.</summary>
internal sealed class CommandException(ExitCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode Code { get; } = code;
}
