using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Acting;

/// <summary><c>sequences</c>: what waits for a version that has not come.</summary>
internal static class SequencesVerb
{
    private static readonly Argument<string> Endpoint = new("endpoint") { Description = "The endpoint: its group." };
    private static readonly Argument<string> Topic = new("topic") { Description = "The topic that the versions come from." };
    private static readonly Argument<string> Entity = new("entityId") { Description = "The entity." };
    private static readonly Argument<string?> Type = new("entityType") { Description = "The entity's type, where entities have one.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> OfEndpoint = new("--endpoint") { Description = "Only this endpoint's.", HelpName = "group" };
    private static readonly Option<int> Limit = new("--limit") { Description = "The most to list, from 1 to 1,000.", HelpName = "number", DefaultValueFactory = _ => 50 };
    private static readonly ActOptions Act = new();

    public static Command Create(Caller caller) => new("sequences", "See which entities wait for a missing version, and have one go on without it.")
    {
        caller.Runs(new Command("list", "List the sequences that wait, by when their deadline passes.") { OfEndpoint, Limit }, ListAsync),
        caller.Runs(new Command("release", "Give up the versions that a sequence waits for, and have it go on with what is there.") { Endpoint, Topic, Entity, Type, Act.Reason, Act.Yes }, ReleaseAsync),
    };

    private static async Task<ExitCode> ListAsync(Call call)
    {
        var limit = call.Get(Limit) is var number and >= 1 and <= 1_000 ? number : throw new CommandException(ExitCode.Usage, "--limit is from 1 to 1,000.");
        var place = await call.OpenAsync().ConfigureAwait(false);
        var rows = new List<SequenceRow>();
        string? cursor = null;
        do
        {
            var page = await place.Get<IOutboxOverview>().ListWaitingAsync(call.Get(OfEndpoint), cursor, limit - rows.Count, call.Cancellation).ConfigureAwait(false);
            rows.AddRange(page.Items.Select(SequenceRow.Of));
            cursor = page.Next;
        }
        while (cursor is not null && rows.Count < limit);

        var now = place.Now;
        call.Answer.Many(
            rows,
            "No sequence waits.",
            new("endpoint", row => row.Endpoint),
            new("topic", row => row.Topic),
            new("entity", row => row.EntityType.Length > 0 ? $"{row.EntityType}/{row.EntityId}" : row.EntityId),
            new("waits for", row => row.NextWaiting > row.Version + 2 ? $"versions {row.Version + 1} to {row.NextWaiting - 1}" : $"version {row.Version + 1}"),
            new("then comes", row => $"version {row.NextWaiting}"),
            new("deadline", row => row.Deadline is { } deadline ? Ages.At(deadline, now) : "") { Tone = row => row.Deadline < now ? Tone.Bad : Tone.Normal },
            new("owner asked", row => row.Asks == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{row.Asks} times")));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ReleaseAsync(Call call)
    {
        var reason = Act.ReasonOf(call);
        var sequence = new Sequence(call.Get(Endpoint), call.Get(Topic), call.Get(Entity)) { EntityType = call.Get(Type) ?? "" };
        var place = await call.OpenAsync().ConfigureAwait(false);
        if (!call.Get(Act.Yes))
        {
            call.Answer.Say($"Endpoint {sequence.Endpoint} would give up the missing versions of {sequence.EntityId} and go on with what is there. Nothing was done: add --yes.");
            return ExitCode.Done;
        }

        if (!await place.Get<IInboxOperations>().ReleaseAsync(sequence, new Decision(reason) { By = ActOptions.Actor }, call.Cancellation).ConfigureAwait(false))
        {
            throw new CommandException(ExitCode.NotFound, $"Nothing of {sequence.EntityId} waits there: outbox sequences list. Where entities have a type, it is the last word.");
        }

        call.Answer.One(new Released(sequence.Endpoint, sequence.Topic, sequence.EntityType, sequence.EntityId), done => call.Answer.Line($"{done.EntityId} goes on.", Tone.Good));
        return ExitCode.Done;
    }

    private sealed record Released(string Endpoint, string Topic, string EntityType, string EntityId);
}

/// <summary>A sequence that waits, as programs read it.</summary>
internal sealed record SequenceRow(string Endpoint, string Topic, string EntityType, string EntityId, long Version, long NextWaiting)
{
    public DateTimeOffset? Deadline { get; init; }

    public int Asks { get; init; }

    public static SequenceRow Of(WaitingSequence waiting) =>
        new(waiting.Sequence.Endpoint, waiting.Sequence.Topic, waiting.Sequence.EntityType, waiting.Sequence.EntityId, waiting.Version, waiting.FirstWaiting) { Deadline = waiting.Deadline, Asks = waiting.Asks };
}
