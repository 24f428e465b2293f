using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Failures;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Auditing;

namespace Outbox.Dashboard.Pages.Running;

/// <summary>Who did what, when and why.</summary>
internal static class AuditPage
{
    private const int Size = 50;
    private static readonly string[] Names = ["by", "act", "message", "entityType", "entityId", "operation"];

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var cursor = visit.Query("cursor");
        var filter = new AuditFilter
        {
            By = visit.Query("by"),
            Act = visit.Query("act"),
            MessageId = visit.Query("message"),
            EntityType = visit.Query("entityType"),
            EntityId = visit.Query("entityId"),
            OperationId = visit.Query("operation"),
        };
        var found = await visit.AskAsync(ct => visit.Get<IAudit>().AuditAsync(filter, cursor, Size, ct)).ConfigureAwait(false);
        return new Page("Audit", Html.Of($"""
            <details class="filter"{Html.If(Names.Any(name => visit.Query(name) is not null), $" open")}><summary>Choose</summary><form action="{Link.To(Menu.Audit)}">
            {Html.Each(Names, name => Html.Of($"<label>{name} <input name=\"{name}\" value=\"{new Exact(visit.Query(name))}\"></label>"))}
            <span class="buttons"><button>Choose</button> <a href="{Link.To(Menu.Audit)}">all</a></span></form></details>
            {(found.Value is { } page ? Rows(visit, page, cursor) : Words.Unknown(found.Problem))}
            """)) { Tab = Menu.Audit };
    }

    private static Html Rows(Visit visit, Operations.Page<AuditEntry> page, string? cursor) => Html.Of($"""
        {Table.Of(
            "Acts",
            page.Items,
            "Nobody has done anything.",
            new("When", entry => Times.At(entry.At, visit.Now)),
            new("Act", entry => Html.Of($"{entry.Act}")),
            new("With", With),
            new("By", entry => Html.Of($"{Visible.Short(entry.By.ToString(), 80)} {Html.If(entry.By.Via is not null, $"<small>{Visible.Short(entry.By.Via, 80)}</small>")}")),
            new("Reason", entry => Html.Of($"{Visible.Short(entry.Reason, 300)}")),
            new("Outcome", entry => Html.Of($"{Visible.Short(entry.Outcome, 300)}")))}
        {Words.More(cursor is null ? null : Here(visit, null), page.Next is null ? null : Here(visit, page.Next))}
        """);

    private static Html With(AuditEntry entry) => Html.Of($"""
        {Visible.Short(entry.Target, 200)} {Entities.A(entry.EntityType, entry.EntityId)} {(entry.OperationId is { } operation ? Words.A(Link.To(Routes.Operation, ("id", operation)), "operation") : Html.None)}
        """);

    private static Link Here(Visit visit, string? cursor) => Link.To(Menu.Audit, [.. Names.Select(name => (name, visit.Query(name))), ("cursor", cursor)]);
}
