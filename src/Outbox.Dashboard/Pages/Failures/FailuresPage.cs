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

    /// <summary>One side at a time: the causes of one are as many questions as a page may ask.</summary>
    public static async Task<Page> ShowAsync(Visit visit)
    {
        var side = Filter.SideOf(visit) ?? Side.Inbox;
        var groups = await visit.AskAsync(ct => side == Side.Inbox
            ? visit.Get<IInboxOperations>().GroupsAsync(null, MostGroups, ct)
            : visit.Get<IOutboxOperations>().GroupsAsync(null, MostGroups, ct)).ConfigureAwait(false);
        return new Page("Failures by cause", Html.Of($"""
            <p class="tabs">{Tab("Consumed, and not processed", Side.Inbox, side)}{Tab("Captured, and not published", Side.Outbox, side)}</p>
            {(groups.Value is { } known ? Groups(visit, side, known) : Words.Unknown(groups.Problem))}
            """)) { Tab = Menu.Failures };
    }

    private static Html Tab(string text, Side side, Side current) =>
        Html.Of($"<a href=\"{Link.To(Menu.Failures, ("side", Filter.Word(side)))}\"{Html.If(side == current, $" aria-current=\"true\"")}>{text}</a>");

    private static Html Groups(Visit visit, Side side, IReadOnlyList<FailureGroup> groups) => Table.Of(
        "Causes",
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
