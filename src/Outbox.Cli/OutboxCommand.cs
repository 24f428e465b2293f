using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Outbox.Cli.Acting;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Diagnosing;
using Outbox.Cli.Explaining;
using Outbox.Cli.Importing;
using Outbox.Cli.Parking;
using Outbox.Cli.Seeing;

namespace Outbox.Cli;

/// <summary>The program: its verbs, and how it ends.</summary>
internal sealed class OutboxCommand(Surroundings surroundings)
{
    /// <summary>An id may begin with @, and is no file to read arguments from.</summary>
    private static readonly ParserConfiguration Literally = new() { ResponseFileTokenReplacer = null };

    private readonly Caller _caller = new(surroundings);

    /// <summary>All verbs and common options.</summary>
    public Command Create()
    {
        // Not a RootCommand, which calls itself as the assembly is called.
        var root = new Command("outbox", "Sees and mends an outbox, from its database and its brokers: also when the service is down.") { new HelpOption(), new VersionOption() };
        foreach (var option in _caller.Options)
        {
            root.Options.Add(option);
        }

        foreach (var verb in Verbs())
        {
            root.Subcommands.Add(verb);
        }

        return root;
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var parsed = Create().Parse(arguments, Literally);
        if (parsed.Action is ParseErrorAction)
        {
            return (int)Misused(parsed);
        }

        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Screen.Out,
            Error = surroundings.Screen.Error,
            EnableDefaultExceptionHandler = false,
        };
        return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
    }

    private IEnumerable<Command> Verbs() =>
    [
        StatusVerb.Create(_caller),
        WhyVerb.Create(_caller),
        DoctorVerb.Create(_caller),
        ParkedVerb.Create(_caller),
        SequencesVerb.Create(_caller),
        TraceVerb.Create(_caller),
        LanesVerb.Create(_caller),
        InstancesVerb.Create(_caller),
        LagVerb.Create(_caller),
        .. PauseVerb.Create(_caller),
        ReplayVerb.Create(_caller),
        ImportVerb.Create(_caller),
        OperationsVerb.Create(_caller),
        AuditVerb.Create(_caller),
    ];

    private ExitCode Misused(ParseResult parsed)
    {
        var words = new Answer(surroundings.Screen, OutputFormat.Table);
        var command = parsed.CommandResult.Command;
        words.Say($"{string.Join(" ", parsed.Errors.Select(error => error.Message))} {Name(parsed)} --help says how it is used.");
        if (command.Subcommands.Count > 0)
        {
            words.Say($"It has: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}.");
        }

        return ExitCode.Usage;
    }

    private static string Name(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            names.Push(result.Command.Name);
        }

        return string.Join(' ', names.Prepend("outbox"));
    }
}
