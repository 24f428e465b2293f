using System.CommandLine;
using System.Globalization;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Parking;

/// <summary><c>parked groups</c>, <c>list</c> and <c>show</c>.</summary>
internal static class SeeVerbs
{
    private static readonly FilterOptions Filter = new();
    private static readonly PageOptions Pages = new();
    private static readonly Option<bool> Discarded = new("--discarded") { Description = "List what was given up instead, the latest first." };
    private static readonly Argument<string> Id = new("id") { Description = "What a list calls it: the message id in the outbox, an id of its own in the inbox." };
    private static readonly Option<bool> Payload = new("--payload") { Description = "Show its payload and headers too. They may be somebody's data." };

    public static IEnumerable<Command> Create(Caller caller)
    {
        var groups = new Command("groups", "List the causes of what is parked, those of most messages first.");
        Filter.AddTo(groups);
        var list = new Command("list", "List parked messages, the longest parked first, without payloads.") { Discarded };
        Filter.AddTo(list);
        Pages.AddTo(list);
        return
        [
            caller.Runs(groups, GroupsAsync),
            caller.Runs(list, ListAsync),
            caller.Runs(new Command("show", "Show one parked or discarded message, with all of its error.") { Id, Payload }, ShowAsync),
        ];
    }

    private static async Task<ExitCode> GroupsAsync(Call call)
    {
        var sides = Filter.Sides(call);
        var place = await call.OpenAsync().ConfigureAwait(false);
        var now = place.Now;
        call.Answer.Many(await new ParkedReading(place, call, Filter).GroupsAsync(sides).ConfigureAwait(false), "Nothing is parked.", GroupColumns(now));
        return ExitCode.Done;
    }

    public static IReadOnlyList<Column<GroupRow>> GroupColumns(DateTimeOffset now) =>
    [
        new("group", row => row.Group),
        new("side", row => row.Side.ToString().ToLowerInvariant()),
        new("messages", row => row.Count.ToString("N0", CultureInfo.InvariantCulture)),
        new("cause", row => row.Title) { Most = 200 },
        new("oldest", row => Ages.At(row.Oldest, now)),
        new("newest", row => Ages.At(row.Newest, now)),
        new("where", row => string.Join(", ", row.Endpoints.Concat(row.Topics).Take(4))),
        new("one of them", row => row.ExampleId),
    ];

    private static async Task<ExitCode> ListAsync(Call call)
    {
        var sides = Filter.Sides(call);
        var place = await call.OpenAsync().ConfigureAwait(false);
        var now = place.Now;
        var reading = new ParkedReading(place, call, Filter);
        var page = await Pages.ReadAsync(call, (cursor, size) => reading.PageAsync(sides, call.Get(Discarded), cursor, size)).ConfigureAwait(false);
        call.Answer.Page(
            page.Items,
            page.Next,
            call.Get(Discarded) ? "Nothing of that kind was discarded." : "Nothing of that kind is parked.",
            [.. ListColumns(now)]);
        return ExitCode.Done;
    }

    public static IReadOnlyList<Column<ParkedRow>> ListColumns(DateTimeOffset now) =>
    [
        new("id", row => row.Id),
        new("side", row => row.Endpoint is null ? "outbox" : $"inbox of {row.Endpoint}"),
        new("entity", row => row.EntityType is { Length: > 0 } type ? $"{type}/{row.EntityId}" : row.EntityId),
        new("version", row => row.Version?.ToString(CultureInfo.InvariantCulture)),
        new("type", row => row.Type),
        new("topic", row => row.Topic),
        new("parked", row => Ages.At(row.DiscardedAt ?? row.ParkedAt, now)),
        new("as", row => row.DiscardedAt is null ? row.Reason.ToString().ToLowerInvariant() : $"discarded by {row.DiscardedBy}: {row.DiscardReason}"),
        new("group", row => row.ErrorGroup),
        new("error", row => row.Error),
    ];

    private static async Task<ExitCode> ShowAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var found = await ParkedShown.FindAsync(place, call.Get(Id), call.Get(Payload), call.Cancellation).ConfigureAwait(false) ?? throw ParkedShown.None(call.Get(Id));
        call.Answer.One(found, shown => shown.Write(call.Answer, place.Now));
        return ExitCode.Done;
    }
}
