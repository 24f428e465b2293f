using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Pages.Running;

/// <summary>Bulk operations, and how far they are.</summary>
internal static class OperationsPage
{
    private const int Size = 50;
    private static readonly TimeSpan WhileRunning = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OfList = TimeSpan.FromSeconds(10);

    public static async Task<Page> ListAsync(Visit visit)
    {
        var cursor = visit.Query("cursor");
        var found = await visit.AskAsync(ct => visit.Get<IBulkOperations>().ListOperationsAsync(cursor, Size, ct)).ConfigureAwait(false);
        if (found.Value is not { } page)
        {
            return new Page("Operations", Words.Unknown(found.Problem)) { Tab = Menu.Operations };
        }

        var table = Table.Of(
            "Operations",
            page.Items,
            "Nobody has started one.",
            new("Operation", operation => Html.Of($"<a href=\"{Link.To(Routes.Operation, ("id", operation.Id))}\">{What(operation)}</a>")),
            new("State", State),
            new("Progress", Progress),
            new("By", operation => Html.Of($"{Visible.Short(operation.Request.By.ToString(), 80)}")),
            new("Reason", operation => Html.Of($"{Visible.Short(operation.Request.Reason, 200)}")),
            new("Started", operation => Times.At(operation.StartedAt, visit.Now)));
        return new Page("Operations", Html.Of($"{table}{Words.More(cursor is null ? null : Link.To(Menu.Operations), page.Next is null ? null : Link.To(Menu.Operations, ("cursor", page.Next)))}"))
        {
            Tab = Menu.Operations,
            Refresh = page.Items.Any(operation => !operation.HasEnded) ? OfList : null,
        };
    }

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var id = visit.Required("id");
        var found = await visit.AskAsync(ct => visit.Get<IBulkOperations>().GetOperationAsync(id, ct)).ConfigureAwait(false);
        if (!found.IsKnown)
        {
            return new Page("Operation", Words.Unknown(found.Problem)) { Tab = Menu.Operations, Refresh = WhileRunning };
        }

        var operation = found.Value ?? throw PageException.NotThere($"There is no operation '{Visible.Short(id, 200)}'. Those that ended are forgotten after a while.");
        return new Page(What(operation), Html.Of($"""
            <p>{State(operation)} {Progress(operation)}</p>
            {Html.If(!string.IsNullOrEmpty(operation.Error), $"<pre class=\"error\">{Visible.Short(operation.Error, 5_000)}</pre>")}
            {OperationFacts.Of(visit, operation)}
            {Html.If(!operation.HasEnded && visit.May(Capability.Operate), $"<p><a class=\"button\" href=\"{OperationActs.Cancel(operation.Id)}\">End it…</a></p>")}
            """)) { Tab = Menu.Operations, Refresh = operation.HasEnded ? null : WhileRunning };
    }

    private static string What(BulkOperation operation) => $"{operation.Request.Action} of {(operation.Request.Outbox is not null ? "outbox" : "inbox")} messages";

    private static Html State(BulkOperation operation) => operation.State switch
    {
        BulkState.Done => Words.Tag("good", "done"),
        BulkState.Failed => Words.Tag("bad", "failed"),
        BulkState.Cancelled => Words.Tag("warn", "cancelled"),
        BulkState.Running => Words.Tag("calm", "running"),
        _ => Words.Tag("calm", "waiting"),
    };

    private static Html Progress(BulkOperation operation) => Html.Of($"""
        <progress max="{Math.Max(1, (double)operation.Total)}" value="{(double)(operation.Done + operation.Skipped)}" aria-label="Progress"></progress> {operation.Done} of {operation.Total}{Html.If(operation.FailedAgain > 0, $", {operation.FailedAgain} failed again")}{Html.If(operation.Skipped > 0, $", {operation.Skipped} left")}
        """);
}
