using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Operations.Pausing;

namespace Outbox.Cli.Acting;

/// <summary><c>pause</c> and <c>resume</c>: has the relay, a topic or an endpoint rest for a while.</summary>
internal static class PauseVerb
{
    private static readonly Argument<string> Kind = new("what") { Description = "relay, topic or endpoint." };
    private static readonly Argument<string?> Name = new("name") { Description = "The topic, as the service registers it, or the endpoint: its group.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> For = new("--for") { Description = "For how long, from 1s to 7d. The default is 1h.", HelpName = "time" };
    private static readonly Option<string?> Until = new("--until") { Description = "Until when, by the database server's clock: 2026-11-26T07:00:00Z.", HelpName = "time" };
    private static readonly Option<bool> Unknown = new("--even-if-unknown") { Description = "Also an endpoint that no instance of the last days has had." };
    private static readonly ActOptions Act = new();

    static PauseVerb() => Kind.AcceptOnlyFromAmong("relay", "topic", "endpoint");

    public static IEnumerable<Command> Create(Caller caller) =>
    [
        caller.Runs(new Command("pause", "Pause the relay, a topic or an endpoint. It ends by itself, after an hour unless it is said otherwise.") { Kind, Name, For, Until, Unknown, Act.Reason }, PauseAsync),
        caller.Runs(new Command("resume", "End a pause before its time.") { Kind, Name, Act.Reason }, ResumeAsync),
    ];

    private static async Task<ExitCode> PauseAsync(Call call)
    {
        var (target, reason) = (TargetOf(call), Act.ReasonOf(call));
        var length = call.Get(For) is { } said ? Times.Length(said, "--for") : (TimeSpan?)null;
        if (length < PauseRequest.Shortest || length > PauseRequest.Longest || (length is not null && call.Get(Until) is not null))
        {
            throw new CommandException(ExitCode.Usage, "A pause lasts from 1s to 7d: say --for or --until.");
        }

        var place = await call.OpenAsync().ConfigureAwait(false);
        var request = new PauseRequest(target, reason)
        {
            For = length,
            Until = call.Get(Until) is { } until ? Times.Moment(until, "--until", place.Now) : null,
            By = ActOptions.Actor,
            EvenIfUnknown = call.Get(Unknown),
        };
        var pause = await place.Get<IPauses>().PauseAsync(request, call.Cancellation).ConfigureAwait(false);
        var done = new PauseDone(Kinds(target), target.Name, pause.Since, pause.Until);
        call.Answer.One(done, _ => call.Answer.Line($"Paused {target} until {Ages.Exact(pause.Until)}, {Ages.At(pause.Until, place.Now)}.", Tone.Good));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ResumeAsync(Call call)
    {
        var (target, reason) = (TargetOf(call), Act.ReasonOf(call));
        var place = await call.OpenAsync().ConfigureAwait(false);
        if (!await place.Get<IPauses>().ResumeAsync(target, reason, ActOptions.Actor, call.Cancellation).ConfigureAwait(false))
        {
            throw new CommandException(ExitCode.NotFound, $"{target} is not paused. outbox status shows what is.");
        }

        call.Answer.One(new ResumeDone(Kinds(target), target.Name), _ => call.Answer.Line($"Resumed {target}.", Tone.Good));
        return ExitCode.Done;
    }

    private static PauseTarget TargetOf(Call call)
    {
        var name = call.Get(Name);
        return (call.Get(Kind), string.IsNullOrWhiteSpace(name)) switch
        {
            ("relay", true) => PauseTarget.Relay,
            ("relay", false) => throw new CommandException(ExitCode.Usage, "The relay has no name: outbox pause relay pauses all publishing of the service, outbox pause topic one topic's."),
            ("topic", false) => PauseTarget.Topic(name!),
            ("endpoint", false) => PauseTarget.Endpoint(name!),
            var (kind, _) => throw new CommandException(ExitCode.Usage, $"Say which {kind}."),
        };
    }

    private static string Kinds(PauseTarget target) => target.Kind.ToString().ToLowerInvariant();

    private sealed record PauseDone(string Kind, string Name, DateTimeOffset Since, DateTimeOffset Until);

    private sealed record ResumeDone(string Kind, string Name);
}
