using System.Globalization;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Pages.Running;

/// <summary>What a bulk operation was asked to do, and how it went.</summary>
internal static class OperationFacts
{
    public static Html Of(Visit visit, BulkOperation operation) => Words.Facts(
    [
        ("Id", Words.Code(operation.Id)),
        ("By", Html.Of($"{Visible.Short(operation.Request.By.ToString(), 100)}")),
        ("Reason", Html.Of($"{Visible.Short(operation.Request.Reason, 500)}")),
        .. Filter(operation).Where(part => part.Value is not null).Select(part => (part.Name, Words.Code(part.Value))),
        ("Started", Times.At(operation.StartedAt, visit.Now)),
        ("Ended", Times.At(operation.EndedAt, visit.Now)),
        ("Last progress", operation.HasEnded ? Html.None : Times.At(operation.ProgressedAt, visit.Now)),
        ("A second", Html.If(operation.Rate > 0, $"{operation.Rate.ToString("0.#", CultureInfo.InvariantCulture)} messages")),
        ("Instance", Words.Code(operation.Owner)),
        ("Audit", Words.A(Link.To(Menu.Audit, ("operation", operation.Id)), "what it did")),
        ("To copy", Commands.Copy(Commands.Of("operations show", operation.Id))),
    ]);

    private static IEnumerable<(string Name, string? Value)> Filter(BulkOperation operation) => operation.Request switch
    {
        { Outbox: { } outbox } => [("Group", outbox.ErrorGroup), ("Topic", outbox.Topic), ("Type", outbox.Type), ("Entity type", outbox.EntityType), ("Entity", outbox.EntityId), ("Error has", outbox.Error)],
        { Inbox: { } inbox } =>
        [
            ("Group", inbox.ErrorGroup), ("Endpoint", inbox.Endpoint), ("Parked as", inbox.Reason?.ToString().ToLowerInvariant()), ("Topic", inbox.Topic), ("Type", inbox.Type),
            ("Entity type", inbox.EntityType), ("Entity", inbox.EntityId), ("Error has", inbox.Error),
        ],
        _ => [],
    };
}
