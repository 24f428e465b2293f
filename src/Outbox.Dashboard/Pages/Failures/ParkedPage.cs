using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>What is parked, or was discarded, message by message.</summary>
internal static class ParkedPage
{
    private const int Size = 50;

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var (filter, cursor) = (Filter.Of(visit), visit.Query("cursor"));
        var found = await visit.AskAsync(SearchOf(visit, filter, cursor)).ConfigureAwait(false);
        var body = Html.Of($"""
            {FilterForm.Of(filter)}
            {(found.Value is { } page ? Rows(visit, filter, page, cursor) : Words.Unknown(found.Problem))}
            """);
        return new Page(filter.IsDiscarded ? "Discarded messages" : "Parked messages", body) { Tab = Menu.Parked };
    }

    private static Func<CancellationToken, Task<Page<ParkedSummary>>> SearchOf(Visit visit, Filter filter, string? cursor)
    {
        // Before anything is asked: a filter that is none is the person's mistake.
        var (ofOutbox, ofInbox) = (filter.Outbox, filter.Side == Side.Inbox ? filter.Inbox : new ParkedInboxFilter());
        var (outbox, inbox) = (visit.Get<IOutboxOperations>(), visit.Get<IInboxOperations>());
        return (filter.Side, filter.IsDiscarded) switch
        {
            (Side.Outbox, false) => ct => outbox.SearchAsync(ofOutbox, cursor, Size, ct),
            (Side.Outbox, true) => ct => outbox.SearchDiscardedAsync(ofOutbox, cursor, Size, ct),
            (_, false) => ct => inbox.SearchAsync(ofInbox, cursor, Size, ct),
            (_, true) => ct => inbox.SearchDiscardedAsync(ofInbox, cursor, Size, ct),
        };
    }

    private static Html Rows(Visit visit, Filter filter, Page<ParkedSummary> page, string? cursor) => Html.Of($"""
        {Html.If(page.Items.Count > 0, $"<p class=\"bar\">All that are chosen: {BulkActs.Links(visit, filter)}</p>")}
        {Table.Of("Messages", page.Items, filter.IsEmpty ? "There is none." : "There is none of this choice.", Columns(visit, filter))}
        {Words.More(cursor is null ? null : filter.Link(Menu.Parked), page.Next is null ? null : filter.Link(Menu.Parked, ("cursor", page.Next)))}
        """);

    private static IReadOnlyList<Column<ParkedSummary>> Columns(Visit visit, Filter filter) =>
    [
        new("Message", parked => Html.Of($"<a href=\"{MessageActs.At(Routes.Message, filter.Side, parked.Id)}\"><code>{Visible.Short(parked.MessageId ?? parked.Id, 80)}</code></a>")),
        new("Entity", parked => Entities.A(parked.EntityType, parked.EntityId, parked.Version)),
        new("Type", parked => Html.Of($"{Visible.Short(parked.Type, 80)}")),
        new(filter.Side == Side.Inbox ? "Endpoint" : "Topic", parked => Words.Code(parked.Endpoint ?? parked.Topic)),
        new("Error", parked => Html.Of($"{State(parked)} <span class=\"error\">{Visible.Short(parked.Error, 200)}</span>")),
        new("Tried", parked => Html.Of($"{parked.Attempts}")) { IsNumber = true },
        filter.IsDiscarded
            ? new("Discarded", parked => Html.Of($"{Times.At(parked.Discarded?.At, visit.Now)} by {Visible.Short(parked.Discarded?.By.ToString(), 80)}"))
            : new("Parked", parked => Times.At(parked.ParkedAt, visit.Now)),
    ];

    private static Html State(ParkedSummary parked) => parked switch
    {
        { RetryRequested: true } => Words.Tag("calm", "being retried"),
        { Reason: Inbox.ParkReason.Failed } => Html.None,
        _ => Words.Tag("calm", parked.Reason.ToString().ToLowerInvariant()),
    };
}
