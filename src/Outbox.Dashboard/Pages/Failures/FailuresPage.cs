using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>What is parked, by its cause.</summary>
internal static class FailuresPage
{
    private const int MostGroups = 100;

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var asked = visit.AskAsync(ct => visit.Get<IOutboxOperations>().GroupsAsync(null, MostGroups, ct));
        var inbox = await visit.AskAsync(ct => visit.Get<IInboxOperations>().GroupsAsync(null, MostGroups, ct)).ConfigureAwait(false);
        var outbox = await asked.ConfigureAwait(false);
        return new Page("Failures by cause", Html.Of($"""
            {Part(visit, Side.Inbox, "Consumed, and not processed", inbox)}
            {Part(visit, Side.Outbox, "Captured, and not published", outbox)}
            """)) { Tab = Menu.Failures };
    }

    private static Html Part(Visit visit, Side side, string title, Known<IReadOnlyList<FailureGroup>> groups) => Html.Of($"""
        <section><h2>{title}</h2>
        {(groups.Value is { } known ? Groups(visit, side, title, known) : Words.Unknown(groups.Problem))}
        </section>
        """);

    private static Html Groups(Visit visit, Side side, string title, IReadOnlyList<FailureGroup> groups) => Table.Of(
        title,
        groups,
        "Nothing is parked here.",
        new("Cause", group => Html.Of($"<a href=\"{Filter.OfGroup(side, group.Group).Link(Menu.Parked)}\">{Visible.Short(group.Title, 200)}</a>")),
        new("Messages", group => Html.Of($"{group.Count}")) { IsNumber = true },
        new(side == Side.Inbox ? "Endpoints" : "Topics", group => Html.Join((side == Side.Inbox ? group.Endpoints : group.Topics).Take(5).Select(name => Words.Code(name)), $" ")),
        new("Oldest", group => Times.At(group.Oldest, visit.Now)),
        new("Newest", group => Times.At(group.Newest, visit.Now)),
        new("Example", group => Words.A(MessageActs.At(Routes.Message, side, group.ExampleId), "look")),
        new("Act", group => BulkActs.Links(visit, Filter.OfGroup(side, group.Group))));
}
