using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>What can be done with one message.</summary>
internal static class MessageActs
{
    /// <summary>The acts on a message that is parked, or was given up.</summary>
    /// <param name="side">Where it is.</param>
    /// <param name="id">What it is called there.</param>
    /// <param name="isDiscarded">Whether it was given up.</param>
    /// <param name="why">What was asked for, where it was found by asking why: one comes back there.</param>
    public static IReadOnlyList<OfferedAct> Of(Side side, string id, bool isDiscarded, string? why = null) => isDiscarded
        ? [new("Restore", At(Routes.Restore, side, id, why), Capability.Operate)]
        : [new("Retry", At(Routes.Retry, side, id, why), Capability.Operate), new("Discard", At(Routes.Discard, side, id, why), Capability.Destroy)];

    public static Link At(string route, Side side, string id, string? why = null) => Link.To(route, ("side", Filter.Word(side)), ("id", id), (Routes.Why, why));

    public static Task<Page> RetryAsync(Visit visit) => DoAsync(
        visit, Notices.Retried, (outbox, id, decision, ct) => outbox.RetryAsync(id, decision, ct), (inbox, id, decision, ct) => inbox.RetryAsync(id, decision, ct));

    public static Task<Page> DiscardAsync(Visit visit) => DoAsync(
        visit, Notices.Discarded, (outbox, id, decision, ct) => outbox.DiscardAsync(id, decision, ct), (inbox, id, decision, ct) => inbox.DiscardAsync(id, decision, ct));

    public static Task<Page> RestoreAsync(Visit visit) => DoAsync(
        visit, Notices.Restored, (outbox, id, decision, ct) => outbox.RestoreAsync(id, decision, ct), (inbox, id, decision, ct) => inbox.RestoreAsync(id, decision, ct));

    public static async Task<Page> EditAsync(Visit visit)
    {
        var form = await SentForm.ReadAsync(visit).ConfigureAwait(false);
        var (payload, etag) = (form.Field("payload") ?? throw PageException.Wrong("There is no payload in the form."), form.Field("etag") ?? "");
        return await DoAsync(
            visit,
            Notices.Edited,
            (outbox, id, decision, ct) => outbox.EditAndRetryAsync(id, payload, etag, decision, ct),
            (inbox, id, decision, ct) => inbox.EditAndRetryAsync(id, payload, etag, decision, ct)).ConfigureAwait(false);
    }

    private static async Task<Page> DoAsync(
        Visit visit,
        string notice,
        Func<IOutboxOperations, string, Decision, CancellationToken, Task<bool>> outbox,
        Func<IInboxOperations, string, Decision, CancellationToken, Task<bool>> inbox)
    {
        var (side, id, why) = (Filter.SideOf(visit) ?? throw PageException.Wrong("The address says no side."), visit.Required("id"), visit.Query(Routes.Why));
        var decision = (await SentForm.ReadAsync(visit).ConfigureAwait(false)).Decision;
        var isDone = await visit.DoAsync(ct => side == Side.Outbox
            ? outbox(visit.Get<IOutboxOperations>(), id, decision, ct)
            : inbox(visit.Get<IInboxOperations>(), id, decision, ct)).ConfigureAwait(false);
        var did = (Notices.Name, isDone ? notice : Notices.Nothing);
        return Page.GoTo(why is null ? Link.To(Routes.Message, ("side", Filter.Word(side)), ("id", id), did) : Link.To(Routes.Why, ("q", why), did));
    }
}
