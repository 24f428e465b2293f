using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Calls;

/// <summary>Runs verbs: gives them what the common options say, and ends each with its code and, where it failed, one sentence.</summary>
internal sealed class Caller(Surroundings surroundings)
{
    public ConnectionOptions Connection { get; } = new();

    public Option<string> Output { get; } = Choice.Of(new Option<string>("--output", "-o")
    {
        Description = "table is for people; json is one document, jsonl one a line. Data goes to stdout, words to stderr.",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    }, Choice.Words<OutputFormat>());

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the whole error where something fails.", Recursive = true };

    public IEnumerable<Option> Options => [.. Connection.All, Output, Verbose];

    /// <summary>Has a command run a verb.</summary>
    public Command Runs(Command command, Func<Call, Task<ExitCode>> verb)
    {
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(parsed, verb, cancellation).ConfigureAwait(false));
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, Func<Call, Task<ExitCode>> verb, CancellationToken cancellation)
    {
        var answer = new Answer(surroundings.Screen, Choice.Read<OutputFormat>(parsed.GetValue(Output)!));
        try
        {
            var call = new Call(parsed, Connection, answer, surroundings, cancellation);
            await using (call.ConfigureAwait(false))
            {
                return await verb(call).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            var (code, sentence) = Failure.Of(error);
            answer.Say(parsed.GetValue(Verbose) ? $"{sentence}\n{error}" : sentence);
            return code;
        }
    }
}
