using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Reading;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>Reads both sides as one list: first what could not be published, then what could not be processed.</summary>
internal sealed class ParkedReading(HttpContext http, ParkedQuery query, bool discarded)
{
    private readonly ParkedFields _fields = query.Fields;
    private readonly IReadOnlyList<Side> _sides = query.Sides;

    /// <summary>A page; its cursor says on which side it begins.</summary>
    /// <exception cref="ApiException">The cursor is not one of this list.</exception>
    public async Task<ListAnswer<ParkedItem>> PageAsync(string? cursor, int size)
    {
        var (side, begin) = Begin(cursor);
        var items = new List<ParkedItem>();
        while (true)
        {
            var page = await SearchAsync(side, begin, size - items.Count).ConfigureAwait(false);
            items.AddRange(page.Items.Select(parked => ParkedItem.Of(side, parked)));
            var next = page.Next is { } more ? $"{Word(side)}:{more}" : side != _sides[^1] && items.Count == size ? $"{Word(_sides[^1])}:" : null;
            if (next is not null || side == _sides[^1])
            {
                return new ListAnswer<ParkedItem>(items) { Next = next };
            }

            (side, begin) = (_sides[^1], null);
        }
    }

    /// <summary>The causes, those of most messages first.</summary>
    public async Task<IReadOnlyList<GroupAnswer>> GroupsAsync()
    {
        var answers = new List<GroupAnswer>();
        foreach (var side in _sides)
        {
            var groups = await http.AskAsync(token => side == Side.Outbox
                ? http.Get<IOutboxOperations>().GroupsAsync(_fields.ToOutbox(), cancellationToken: token)
                : http.Get<IInboxOperations>().GroupsAsync(_fields.ToInbox(), cancellationToken: token)).ConfigureAwait(false);
            answers.AddRange(groups.Select(group => GroupAnswer.Of(side, group)));
        }

        return [.. answers.OrderByDescending(group => group.Count)];
    }

    private Task<Page<ParkedSummary>> SearchAsync(Side side, string? cursor, int size) => http.AskAsync(cursor, token => (side, discarded) switch
    {
        (Side.Outbox, false) => http.Get<IOutboxOperations>().SearchAsync(_fields.ToOutbox(), cursor, size, token),
        (Side.Outbox, true) => http.Get<IOutboxOperations>().SearchDiscardedAsync(_fields.ToOutbox(), cursor, size, token),
        (_, false) => http.Get<IInboxOperations>().SearchAsync(_fields.ToInbox(), cursor, size, token),
        _ => http.Get<IInboxOperations>().SearchDiscardedAsync(_fields.ToInbox(), cursor, size, token),
    });

    private (Side Side, string? Cursor) Begin(string? cursor)
    {
        if (cursor is null)
        {
            return (_sides[0], null);
        }

        foreach (var side in _sides.Where(side => cursor.StartsWith(Word(side) + ":", StringComparison.Ordinal)))
        {
            return (side, cursor[(Word(side).Length + 1)..] is { Length: > 0 } rest ? rest : null);
        }

        throw new ApiException(StatusCodes.Status400BadRequest, ApiCodes.InvalidCursor, PageCursor.Wrong().Message);
    }

    private static string Word(Side side) => side == Side.Outbox ? "outbox" : "inbox";
}
