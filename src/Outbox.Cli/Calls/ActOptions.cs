using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Operations;

namespace Outbox.Cli.Calls;

/// <summary>What every act says: why, and that it is meant.</summary>
internal sealed class ActOptions
{
    public Option<string?> Reason { get; } = new("--reason") { Description = "Why, for the log and the audit. Required.", HelpName = "text" };

    public Option<bool> Yes { get; } = new("--yes") { Description = "Do it. Without it, what would be done is said, and nothing is." };

    /// <summary>Who acts: the user of the operating system, as it calls him.</summary>
    public static Actor Actor { get; } = Actor.Claimed(Environment.UserName is { Length: > 0 } name ? name : "unknown") with { Via = $"command line on {Environment.MachineName}" };

    /// <summary>Why it is done.</summary>
    /// <exception cref="CommandException">It is not said.</exception>
    public string ReasonOf(Call call) => call.Get(Reason) is { } reason && !string.IsNullOrWhiteSpace(reason)
        ? reason.Trim()
        : throw new CommandException(ExitCode.Usage, "Say why: --reason \"…\". It is kept in the audit.");
}
