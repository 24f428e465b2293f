using System.Globalization;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>What is done with all messages that a filter chooses: first it is said how many they are, then an operation is started.</summary>
internal static class BulkActs
{
    private const int MostCounted = 100_000;

    public static IReadOnlyList<OfferedAct> Of(Filter filter) => filter.IsDiscarded
        ? [new("Restore…", filter.Link(Routes.RestoreAll), Capability.Operate)]
        : [new("Retry…", filter.Link(Routes.RetryAll), Capability.Operate), new("Discard…", filter.Link(Routes.DiscardAll), Capability.Destroy)];

    /// <summary>Links to the pages that ask; what the person may not do is not shown.</summary>
    public static Html Links(Visit visit, Filter filter) => Html.Join(
        Of(filter).Where(act => visit.May(act.Needs)).Select(act => Html.Of($"<a class=\"button{Html.If(act.IsGrave, $" grave")}\" href=\"{act.Link}\">{act.Name}</a>")), $" ");

    public static Func<Visit, Task<Page>> Ask(BulkAction action) => async visit =>
    {
        var filter = FilterOf(visit, action);
        var (outbox, inbox) = (filter.Outbox, filter.Inbox);
        var count = action == BulkAction.Restore ? new Known<long>(0, "discarded messages are not counted") : await visit.AskAsync(ct => filter.Side == Side.Outbox
            ? visit.Get<IOutboxOperations>().CountAsync(outbox, MostCounted, ct)
            : visit.Get<IInboxOperations>().CountAsync(inbox, MostCounted, ct)).ConfigureAwait(false);
        var words = $"{action} {(action == BulkAction.Restore || !count.IsKnown ? "all messages" : count.Value >= MostCounted ? $"more than {MostCounted.ToString("#,##0", CultureInfo.InvariantCulture)} messages" : count.Value == 1 ? "1 message" : $"{count.Value.ToString("#,##0", CultureInfo.InvariantCulture)} messages")}";
        return new Page($"{words}?", Html.Of($"""
            <p>{Meaning(action, filter.Side)}</p>
            {Words.Facts([("side", Html.Of($"{Filter.Word(filter.Side)}{Html.If(filter.IsDiscarded, $", discarded")}")), .. filter.Names.Select(name => (name, Words.Code(filter.Value(name))))])}
            {ActForm.Of(visit, [new OfferedAct(words, filter.Link(Route(action)), Needs(action))], Fields())}
            <p>{Words.A(filter.Link(Menu.Parked), "Look at them first")}</p>
            """)) { Tab = Menu.Parked };
    };

    public static Func<Visit, Task<Page>> Start(BulkAction action) => async visit =>
    {
        var filter = FilterOf(visit, action);
        var form = await SentForm.ReadAsync(visit).ConfigureAwait(false);
        var request = new BulkRequest
        {
            Id = form.Field("operation"),
            Action = action,
            Reason = form.Reason,
            By = visit.Actor,
            Outbox = filter.Side == Side.Outbox ? filter.Outbox : null,
            Inbox = filter.Side == Side.Inbox ? filter.Inbox : null,
            Limit = Number(form, "limit") is { } limit ? (long)limit : null,
            PerSecond = Number(form, "perSecond"),
        };
        var operation = await visit.DoAsync(ct => visit.Get<IBulkOperations>().StartAsync(request, ct)).ConfigureAwait(false);
        return Page.GoTo(Link.To(Routes.Operation, ("id", operation.Id), (Notices.Name, Notices.Started)));
    };

    public static Capability Needs(BulkAction action) => action == BulkAction.Discard ? Capability.Destroy : Capability.Operate;

    private static Filter FilterOf(Visit visit, BulkAction action) => new(Filter.SideOf(visit) ?? throw PageException.Wrong("The address says no side."), action == BulkAction.Restore, visit.Query);

    private static string Route(BulkAction action) => action switch { BulkAction.Retry => Routes.RetryAll, BulkAction.Discard => Routes.DiscardAll, _ => Routes.RestoreAll };

    /// <summary>The operation's name is in the form: to send it twice starts it once.</summary>
    private static Html Fields() => Html.Of($"""
        <input type="hidden" name="operation" value="{Guid.NewGuid().ToString("N")}">
        <label>At most <input name="limit" type="number" min="1" inputmode="numeric" placeholder="all"></label>
        <label>A second <input name="perSecond" type="number" min="0.1" step="any" inputmode="decimal" placeholder="as fast as it goes"></label>
        """);

    private static string Meaning(BulkAction action, Side side) => (action, side) switch
    {
        (BulkAction.Retry, Side.Outbox) => "They go back into the outbox, those of one entity in the order of their versions, and are published.",
        (BulkAction.Retry, _) => "Their endpoints try them again, those of one entity in the order of their versions. What fails again is parked again.",
        (BulkAction.Discard, _) => "They are given up, and what waits for them goes on. They can be restored for as long as discarded messages are kept.",
        _ => "They are parked again, as they were.",
    };

    private static double? Number(SentForm form, string name) => form.Field(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e15 ? number
        : throw PageException.Wrong($"'{text}' is no number that can be meant there.");
}
