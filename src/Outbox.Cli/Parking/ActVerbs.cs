using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Bulk;

namespace Outbox.Cli.Parking;

/// <summary><c>parked retry</c>, <c>discard</c> and <c>restore</c>: one message by its id, or all that a filter chooses.</summary>
internal static class ActVerbs
{
    /// <summary>Beyond this nobody needs to know how many more before deciding.</summary>
    private const int MostCounted = 1_000_000;

    private static readonly Argument<string?> Id = new("id") { Description = "One message; without it, the filter's.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> All = new("--all") { Description = "All messages of the side, without a filter." };
    private static readonly Option<long?> Limit = new("--limit") { Description = "The most messages.", HelpName = "number" };
    private static readonly Option<double?> PerSecond = new("--per-second") { Description = "The most messages in a second.", HelpName = "number" };
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Leave the work to the service's instances, and return." };
    private static readonly FilterOptions Filter = new();
    private static readonly ActOptions Act = new();

    public static IEnumerable<Command> Create(Caller caller) =>
    [
        Bulk(caller, "retry", "Have parked messages published or processed again, those of one entity in the order of their versions.", BulkAction.Retry),
        Bulk(caller, "discard", "Give parked messages up, so that their entities go on. They can be restored for 30 days, unless the service says otherwise.", BulkAction.Discard),
        Bulk(caller, "restore", "Park discarded messages again, as they were, those of one entity from the last version to the first.", BulkAction.Restore),
    ];

    private static Command Bulk(Caller caller, string name, string description, BulkAction action)
    {
        var command = new Command(name, description) { Id, All, Limit, PerSecond, NoWait, Act.Reason, Act.Yes };
        Filter.AddTo(command);
        return caller.Runs(command, call => call.Get(Id) is { } id ? OneAsync(call, id, action) : ManyAsync(call, action));
    }

    private static async Task<ExitCode> OneAsync(Call call, string id, BulkAction action)
    {
        if (Filter.IsSaid(call) || call.Get(All) || call.Get(Limit) is not null)
        {
            throw new CommandException(ExitCode.Usage, "Say one message by its id, or choose some with options, not both.");
        }

        var decision = new Decision(Act.ReasonOf(call)) { By = ActOptions.Actor };
        var place = await call.OpenAsync().ConfigureAwait(false);
        var (outbox, inbox) = (place.Get<IOutboxOperations>(), place.Get<IInboxOperations>());
        var isDone = action switch
        {
            BulkAction.Retry => await outbox.RetryAsync(id, decision, call.Cancellation).ConfigureAwait(false) || await inbox.RetryAsync(id, decision, call.Cancellation).ConfigureAwait(false),
            BulkAction.Restore => await outbox.RestoreAsync(id, decision, call.Cancellation).ConfigureAwait(false) || await inbox.RestoreAsync(id, decision, call.Cancellation).ConfigureAwait(false),
            _ => await outbox.DiscardAsync(id, decision, call.Cancellation).ConfigureAwait(false) || await inbox.DiscardAsync(id, decision, call.Cancellation).ConfigureAwait(false),
        };
        if (!isDone)
        {
            throw action == BulkAction.Restore
                ? new CommandException(ExitCode.NotFound, $"Nothing that was discarded is called '{id}'. outbox parked list --discarded lists what was.")
                : ParkedShown.None(id);
        }

        call.Answer.One(new Acted(id, action.ToString().ToLowerInvariant()), acted => call.Answer.Line(
            action switch
            {
                BulkAction.Retry => $"{acted.Id} is tried again.",
                BulkAction.Restore => $"{acted.Id} is parked again.",
                _ => $"{acted.Id} was given up. outbox parked restore brings it back.",
            },
            Tone.Good));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ManyAsync(Call call, BulkAction action)
    {
        var (side, reason) = (Filter.OneSide(call), Act.ReasonOf(call));
        if (!Filter.IsSaid(call) && !call.Get(All))
        {
            throw new CommandException(ExitCode.Usage, $"Say which messages: an id, options as --group and --topic, or --all for everything that is parked on that side.");
        }

        if (call.Get(Limit) < 1 || (call.Get(PerSecond) is { } rate && !(rate is >= 0.1 and <= 100_000)))
        {
            throw new CommandException(ExitCode.Usage, "--limit is at least 1, and --per-second from 0.1 to 100,000.");
        }

        var place = await call.OpenAsync().ConfigureAwait(false);
        if (!call.Get(Act.Yes))
        {
            return await RehearseAsync(call, place, side, action).ConfigureAwait(false);
        }

        var request = new BulkRequest
        {
            Action = action,
            Reason = reason,
            By = ActOptions.Actor,
            Outbox = side == Side.Outbox ? Filter.Outbox(call, place.Now) : null,
            Inbox = side == Side.Inbox ? Filter.Inbox(call, place.Now) : null,
            Limit = call.Get(Limit),
            PerSecond = call.Get(PerSecond),
        };
        var started = await place.Get<IBulkOperations>().StartAsync(request, call.Cancellation).ConfigureAwait(false);
        call.Answer.Say($"Operation {started.Id}: {started.Total.ToString("N0", CultureInfo.InvariantCulture)} messages. If this ends before it does, outbox operations run {started.Id} goes on.");
        var ended = call.Get(NoWait) ? started : await BulkProgress.RunAsync(place, started.Id, call).ConfigureAwait(false);
        call.Answer.One(OperationRow.Of(ended), row => row.Write(call.Answer, place.Now));
        return call.Get(NoWait) ? ExitCode.Done : OperationRow.CodeOf(ended);
    }

    private static async Task<ExitCode> RehearseAsync(Call call, OutboxPlace place, Side side, BulkAction action)
    {
        var reading = new ParkedReading(place, call, Filter);
        if (action == BulkAction.Restore)
        {
            return await RehearseRestoreAsync(call, place, side, reading).ConfigureAwait(false);
        }

        var groups = await reading.GroupsAsync([side]).ConfigureAwait(false);
        var count = await reading.CountAsync(side, MostCounted).ConfigureAwait(false);
        call.Answer.Many(groups, "Nothing of that kind is parked.", SeeVerbs.GroupColumns(place.Now));
        var taken = Math.Min(count, call.Get(Limit) ?? count).ToString("N0", CultureInfo.InvariantCulture);
        call.Answer.Say($"{taken} messages would be {(action == BulkAction.Retry ? "tried again" : "given up")}. Nothing was done: add --yes.");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> RehearseRestoreAsync(Call call, OutboxPlace place, Side side, ParkedReading reading)
    {
        var page = await reading.PageAsync([side], discarded: true, cursor: null, Page<ParkedRow>.MostItems).ConfigureAwait(false);
        call.Answer.Page(page.Items, page.Next, "Nothing of that kind was discarded.", [.. SeeVerbs.ListColumns(place.Now)]);
        var (limit, count) = (call.Get(Limit) ?? long.MaxValue, page.Items.Count);
        var taken = Math.Min(count, limit).ToString("N0", CultureInfo.InvariantCulture);
        call.Answer.Say($"{taken}{(page.Next is not null && limit > count ? " or more" : "")} messages would be parked again. Nothing was done: add --yes.");
        return ExitCode.Done;
    }

    private sealed record Acted(string Id, string Act);
}
