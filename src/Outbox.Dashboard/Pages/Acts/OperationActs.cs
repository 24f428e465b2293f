using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>Ends a bulk operation before its end.</summary>
internal static class OperationActs
{
    public static Link Cancel(string id) => Link.To(Routes.Cancel, ("id", id));

    /// <summary>On a page of its own: the operation's is read again every other moment, and would lose what somebody types.</summary>
    public static Task<Page> AskAsync(Visit visit)
    {
        var id = visit.Required("id");
        return Task.FromResult(new Page("End the operation?", Html.Of($"""
            <p>What it has done stays done; the rest is left as it is.</p>
            {ActForm.Of(visit, [new OfferedAct("End it", Cancel(id), Capability.Operate)])}
            <p>{Words.A(Link.To(Routes.Operation, ("id", id)), "Let it go on")}</p>
            """)) { Tab = Menu.Operations });
    }

    public static async Task<Page> CancelAsync(Visit visit)
    {
        var id = visit.Required("id");
        var decision = (await SentForm.ReadAsync(visit).ConfigureAwait(false)).Decision;
        var isDone = await visit.DoAsync(ct => visit.Get<IBulkOperations>().CancelAsync(id, decision, ct)).ConfigureAwait(false);
        return Page.GoTo(Link.To(Routes.Operation, ("id", id), (Notices.Name, isDone ? Notices.Cancelled : Notices.Nothing)));
    }
}
