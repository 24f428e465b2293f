using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Auditing;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>One parked or discarded message, whole.</summary>
internal static class MessagePage
{
    private const int MostError = 20_000;
    private const int MostActs = 50;

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var id = visit.Required("id");
        var side = Filter.SideOf(visit) ?? Side.Outbox;
        var found = await FindAsync(visit, side, id).ConfigureAwait(false);
        if (!found.IsKnown)
        {
            return new Page($"Message {Visible.Short(id, 100)}", Words.Unknown(found.Problem)) { Tab = Menu.Parked };
        }

        if (found.Value is not { } message)
        {
            return Gone(visit, id);
        }

        var acts = await visit.AskAsync(ct => visit.Get<IAudit>().AuditAsync(new AuditFilter { MessageId = message.MessageId ?? id }, null, MostActs, ct)).ConfigureAwait(false);
        return new Page($"Message {Visible.Short(message.MessageId ?? id, 100)}", Html.Of($"""
            {State(message)}
            <pre class="error" tabindex="0" aria-label="Error">{Visible.Short(message.Error, MostError)}</pre>
            {(message.IsHeld ? Html.Of($"<p class=\"none\">It waits for its turn: {Words.A(Link.To(Routes.Why, ("q", message.MessageId ?? id)), "why")}.</p>") : ActForm.Of(visit, MessageActs.Of(side, id, message.Discarded is not null)))}
            {Facts(visit, message)}
            {MessageHistory.Of(visit, message, acts)}
            {ShownContent.Of(visit, message)}
            """)) { Tab = Menu.Parked };
    }

    public static Task<Known<ShownMessage?>> FindAsync(Visit visit, Side side, string id) => visit.AskAsync<ShownMessage?>(async ct => side == Side.Outbox
        ? await visit.Get<IOutboxOperations>().GetAsync(id, ct).ConfigureAwait(false) is { } outbox ? ShownMessage.Of(id, outbox) : null
        : await visit.Get<IInboxOperations>().GetAsync(id, ct).ConfigureAwait(false) is { } inbox ? ShownMessage.Of(inbox) : null);

    /// <summary>After an act that is as it should be, and the notice says so.</summary>
    private static Page Gone(Visit visit, string id) => new(
        "Not parked any more",
        Html.Of($"<p>Nothing is parked or was discarded under <code>{Visible.Short(id, 200)}</code>. {Words.A(Link.To(Routes.Why, ("q", id)), "What has become of it")} says more, as far as that is kept.</p>"))
    { Tab = Menu.Parked, Status = Notices.Text(visit.Query(Notices.Name)) is null ? 404 : 200 };

    private static Html State(ShownMessage message) => Html.Of($"""
        <p>{Words.Tag(message.Discarded is null ? "bad" : "calm", message.Discarded is null ? message.Reason.ToString().ToLowerInvariant() : "discarded")}
        {Html.If(message.RetryRequested, $"{Words.Tag("calm", "being retried")}")}
        {(message.Endpoint is { } endpoint ? Html.Of($"Not processed by {Words.Code(endpoint)}") : Html.Of($"Not published to {Words.Code(message.Topic)}"))}
        {Html.If(message.HoldsEntity && message.Discarded is null, $"· later messages of its entity wait for it")}</p>
        """);

    private static Html Facts(Visit visit, ShownMessage message) => Words.Facts(
        ("Entity", Entities.A(message.EntityType, message.EntityId, message.Version)),
        ("Type", Words.Code(message.Type)),
        ("Topic", Html.Of($"{Words.Code(message.Topic)} {message.Place}")),
        ("Message", Words.Code(message.MessageId)),
        ("Parked", Times.At(message.ParkedAt, visit.Now)),
        ("Cause", Html.Of($"<a href=\"{Filter.OfGroup(message.Side, message.Failure.Group).Link(Menu.Parked)}\">{Visible.Short(message.Failure.Title, 200)}</a>")),
        ("Trace", ShownTrace.Of(visit, message)),
        ("To copy", Commands.Copy(Commands.Of("why", message.MessageId ?? message.Id))));
}
