using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>What a message has been through, and who did what with it.</summary>
internal static class MessageHistory
{
    public static Html Of(Visit visit, ShownMessage message, Known<Page<AuditEntry>> acts) => Html.Of($"""
        <section><h2>History</h2>
        {Words.Facts(
            ("First failed", Times.At(message.Failure.FirstFailedAt, visit.Now)),
            ("Tried", Html.Of($"{message.Attempts} times before it was parked")),
            ("Retried by people", Html.Of($"{message.Failure.Retries} times{Html.If(message.Failure.LastRetriedAt is not null, $", last {Times.At(message.Failure.LastRetriedAt, visit.Now)}")}")),
            ("Operation", message.Failure.OperationId is { } operation ? Words.A(Link.To(Routes.Operation, ("id", operation)), operation) : Html.None),
            ("Discarded", message.Discarded is { } note ? Html.Of($"{Times.At(note.At, visit.Now)} by {note.By.ToString()}: {Visible.Short(note.Reason, 500)}") : Html.None))}
        {(acts.Value is { } page ? Acts(visit, message, page) : Words.Unknown(acts.Problem))}
        </section>
        """);

    private static Html Acts(Visit visit, ShownMessage message, Page<AuditEntry> page) => Table.Of(
        "What was done with it",
        page.Items,
        "Nobody has done anything with it.",
        new("When", entry => Times.At(entry.At, visit.Now)),
        new("Act", entry => Html.Of($"{entry.Act}")),
        new("By", entry => Html.Of($"{Visible.Short(entry.By.ToString(), 100)}")),
        new("Reason", entry => Html.Of($"{Visible.Short(entry.Reason, 500)}")),
        new("Outcome", entry => Html.Of($"{Visible.Short(entry.Outcome, 300)}{Original(visit, message, entry)}")));

    /// <summary>A payload as well as any other.</summary>
    private static Html Original(Visit visit, ShownMessage message, AuditEntry entry) => entry.Original is not { } payload || !visit.May(Capability.Payload) ? Html.None
        : Html.Of($"<details><summary>what it had</summary><pre>{Visible.Short(visit.Get<Redaction>().Payload(message.Type, message.Topic, payload).Text, 20_000)}</pre></details>");
}
