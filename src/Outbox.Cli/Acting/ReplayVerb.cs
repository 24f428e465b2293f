using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Inbox.Replaying;

namespace Outbox.Cli.Acting;

/// <summary><c>replay</c>: has an endpoint process again what it has processed.</summary>
internal static class ReplayVerb
{
    private static readonly Argument<string> Endpoint = new("endpoint") { Description = "The endpoint: its group." };
    private static readonly Option<string?> From = new("--from")
    {
        Description = "Where it begins: beginning; a time (2026-11-26T05:30:00Z, or 2h ago); snapshot:<id>; or offsets, topic/partition/offset,… with topics as the brokers know them.",
        HelpName = "place",
    };

    private static readonly Option<string[]> Collections = new("--collection") { Description = "A collection of the service's own that the snapshot has. May be said several times.", HelpName = "name" };
    private static readonly ActOptions Act = new();

    public static Command Create(Caller caller) => new("replay", "Have an endpoint process again what it has processed: docs/repair.md says what comes out the same and what does not.")
    {
        caller.Runs(new Command("start", "Begin a replay. The endpoint's instances do the work; it returns at once.") { Endpoint, From, Act.Reason, Act.Yes }, StartAsync),
        caller.Runs(new Command("show", "Show an endpoint's last replay or snapshot.") { Endpoint }, ShowAsync),
        caller.Runs(new Command("cancel", "End a replay that has changed nothing yet, or a snapshot that is not taken yet.") { Endpoint, Act.Reason }, CancelAsync),
        caller.Runs(new Command("snapshots", "List an endpoint's snapshots, the newest first.") { Endpoint }, SnapshotsAsync),
        caller.Runs(new Command("snapshot", "Take a snapshot of an endpoint's collections, with its offsets.") { Endpoint, Collections, Act.Reason }, SnapshotAsync),
    };

    private static async Task<ExitCode> StartAsync(Call call)
    {
        var (endpoint, reason) = (call.Get(Endpoint), Act.ReasonOf(call));
        var place = await call.OpenAsync().ConfigureAwait(false);
        var from = FromOf(call.Get(From), place.Now);
        if (!call.Get(Act.Yes))
        {
            call.Answer.Say($"Endpoint {endpoint} would process again everything from {from}. Consumers run again; what they publish is left out. Nothing was done: add --yes.");
            return ExitCode.Done;
        }

        // The log of the endpoint's instances is where the reason is kept.
        var generation = await place.Get<IInboxReplay>().StartAsync(endpoint, from, $"{reason} ({ActOptions.Actor}, {ActOptions.Actor.Via})", call.Cancellation).ConfigureAwait(false);
        call.Answer.One(new ReplayStarted(endpoint, generation, from.ToString()), started => call.Answer.Line(
            $"Replay {started.Generation} of {endpoint} begins at {from}. outbox replay show {endpoint} tells how far it is.", Tone.Good));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ShowAsync(Call call)
    {
        var endpoint = call.Get(Endpoint);
        var place = await call.OpenAsync().ConfigureAwait(false);
        var found = await place.Get<IInboxReplay>().FindAsync(endpoint, call.Cancellation).ConfigureAwait(false)
            ?? throw new CommandException(ExitCode.NotFound, $"Endpoint '{endpoint}' was never replayed, and no snapshot of it was taken.");
        var shown = new ReplayShown(found.Endpoint, found.Generation, found.Phase, found.From.ToString(), found.Reason, found.Snapshot, found.Collections, found.Until);
        call.Answer.One(shown, replay =>
        {
            call.Answer.Line($"{replay.Endpoint}: {(replay.Snapshot is null ? $"replay {replay.Generation} from {replay.From}" : $"snapshot {replay.Snapshot}")}, {replay.Phase.ToString().ToLowerInvariant()}");
            call.Answer.Line($"  {replay.Reason}", Tone.Quiet);
        });
        return ExitCode.Done;
    }

    private static async Task<ExitCode> CancelAsync(Call call)
    {
        var (endpoint, reason) = (call.Get(Endpoint), Act.ReasonOf(call));
        var place = await call.OpenAsync().ConfigureAwait(false);
        if (!await place.Get<IInboxReplay>().CancelAsync(endpoint, $"{reason} ({ActOptions.Actor}, {ActOptions.Actor.Via})", call.Cancellation).ConfigureAwait(false))
        {
            throw new CommandException(ExitCode.NotFound, $"Endpoint '{endpoint}' is not being replayed, and no snapshot of it is being taken.");
        }

        call.Answer.One(new ReplayCancelled(endpoint), cancelled => call.Answer.Line($"Nothing was changed, and {cancelled.Endpoint} consumes again.", Tone.Good));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> SnapshotsAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var found = await place.Get<IInboxReplay>().ListSnapshotsAsync(call.Get(Endpoint), call.Cancellation).ConfigureAwait(false);
        var now = place.Now;
        call.Answer.Many(
            found,
            "There are none: outbox replay snapshot takes one.",
            new("snapshot", snapshot => snapshot.Id),
            new("when", snapshot => $"{Ages.Exact(snapshot.At)}, {Ages.At(snapshot.At, now)}"),
            new("collections", snapshot => string.Join(", ", snapshot.Collections)),
            new("why", snapshot => snapshot.Reason));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> SnapshotAsync(Call call)
    {
        var (endpoint, reason) = (call.Get(Endpoint), Act.ReasonOf(call));
        var place = await call.OpenAsync().ConfigureAwait(false);
        var id = await place.Get<IInboxReplay>().SnapshotAsync(endpoint, call.Get(Collections) ?? [], $"{reason} ({ActOptions.Actor}, {ActOptions.Actor.Via})", call.Cancellation).ConfigureAwait(false);
        call.Answer.One(new SnapshotStarted(endpoint, id), started => call.Answer.Line($"Snapshot {started.Snapshot} of {endpoint} begins. outbox replay show {endpoint} tells how far it is.", Tone.Good));
        return ExitCode.Done;
    }

    /// <exception cref="CommandException">It is no place to begin at.</exception>
    public static ReplayFrom FromOf(string? text, DateTimeOffset now) => text switch
    {
        null or "" => throw new CommandException(ExitCode.Usage, "Say where it begins: --from beginning, a time, snapshot:<id>, or topic/partition/offset."),
        "beginning" => ReplayFrom.Beginning,
        _ when text.StartsWith("snapshot:", StringComparison.Ordinal) && text.Length > "snapshot:".Length => ReplayFrom.OfSnapshot(text["snapshot:".Length..]),
        _ when text.Contains('/', StringComparison.Ordinal) => ReplayFrom.At([.. text.Split(',').Select(OffsetOf)]),
        _ => ReplayFrom.Since(Times.Moment(text, "--from", now)),
    };

    private static PartitionOffset OffsetOf(string text) =>
        text.Trim().Split('/') is [{ Length: > 0 } topic, var partition, var offset]
        && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new PartitionOffset(topic, number, position)
            : throw new CommandException(ExitCode.Usage, $"--from '{Plain.Short(text, 60)}' is no place on Kafka: topic/partition/offset, as orders/0/4711.");

    private sealed record ReplayStarted(string Endpoint, int Generation, string From);

    private sealed record ReplayCancelled(string Endpoint);

    private sealed record SnapshotStarted(string Endpoint, string Snapshot);

    private sealed record ReplayShown(
        string Endpoint, int Generation, ReplayPhase Phase, string From, string Reason, string? Snapshot, IReadOnlyList<string> Collections, IReadOnlyList<PartitionOffset> Until);
}
