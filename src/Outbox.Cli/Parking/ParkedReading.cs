using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.Cli.Parking;

/// <summary>Reads both sides as one list: first what could not be published, then what could not be processed.</summary>
internal sealed class ParkedReading(OutboxPlace place, Call call, FilterOptions filter)
{
    private readonly IOutboxOperations _outbox = place.Get<IOutboxOperations>();
    private readonly IInboxOperations _inbox = place.Get<IInboxOperations>();

    /// <summary>The causes, those of most messages first.</summary>
    public async Task<IReadOnlyList<GroupRow>> GroupsAsync(IReadOnlyList<Side> sides)
    {
        var rows = new List<GroupRow>();
        foreach (var side in sides)
        {
            var groups = side == Side.Outbox
                ? await _outbox.GroupsAsync(filter.Outbox(call, place.Now), cancellationToken: call.Cancellation).ConfigureAwait(false)
                : await _inbox.GroupsAsync(filter.Inbox(call, place.Now), cancellationToken: call.Cancellation).ConfigureAwait(false);
            rows.AddRange(groups.Select(group => GroupRow.Of(side, group)));
        }

        return [.. rows.OrderByDescending(row => row.Count)];
    }

    /// <summary>How many there are, up to a limit.</summary>
    public Task<long> CountAsync(Side side, int limit) => side == Side.Outbox
        ? _outbox.CountAsync(filter.Outbox(call, place.Now), limit, call.Cancellation)
        : _inbox.CountAsync(filter.Inbox(call, place.Now), limit, call.Cancellation);

    /// <summary>A page; its cursor says on which side it begins.</summary>
    public async Task<Page<ParkedRow>> PageAsync(IReadOnlyList<Side> sides, bool discarded, string? cursor, int size)
    {
        var (side, begin) = Begin(sides, cursor);
        var rows = new List<ParkedRow>();
        while (true)
        {
            var page = await SearchAsync(side, discarded, begin, size - rows.Count).ConfigureAwait(false);
            rows.AddRange(page.Items.Select(parked => ParkedRow.Of(side, parked)));
            if (page.Next is { } next)
            {
                return new Page<ParkedRow>(rows, $"{Word(side)}:{next}");
            }

            if (side == sides[^1])
            {
                return new Page<ParkedRow>(rows, null);
            }

            (side, begin) = (sides[^1], null);
            if (rows.Count == size)
            {
                return new Page<ParkedRow>(rows, $"{Word(side)}:");
            }
        }
    }

    private Task<Page<ParkedSummary>> SearchAsync(Side side, bool discarded, string? cursor, int size) => (side, discarded) switch
    {
        (Side.Outbox, false) => _outbox.SearchAsync(filter.Outbox(call, place.Now), cursor, size, call.Cancellation),
        (Side.Outbox, true) => _outbox.SearchDiscardedAsync(filter.Outbox(call, place.Now), cursor, size, call.Cancellation),
        (_, false) => _inbox.SearchAsync(filter.Inbox(call, place.Now), cursor, size, call.Cancellation),
        _ => _inbox.SearchDiscardedAsync(filter.Inbox(call, place.Now), cursor, size, call.Cancellation),
    };

    private static (Side Side, string? Cursor) Begin(IReadOnlyList<Side> sides, string? cursor)
    {
        if (cursor is null)
        {
            return (sides[0], null);
        }

        foreach (var side in sides)
        {
            if (cursor.StartsWith(Word(side) + ":", StringComparison.Ordinal))
            {
                return (side, cursor[(Word(side).Length + 1)..] is { Length: > 0 } rest ? rest : null);
            }
        }

        throw new CommandException(ExitCode.Usage, "The cursor is not one of this list. Take the one that came with the page before, or none for the first page.");
    }

    private static string Word(Side side) => side.ToString().ToLowerInvariant();
}
