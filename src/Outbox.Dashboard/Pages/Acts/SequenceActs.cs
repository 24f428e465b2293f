using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>Has a sequence go on without the versions that it waits for.</summary>
internal static class SequenceActs
{
    public static Link At(Sequence sequence, string? why = null) => Link.To(
        Routes.Release, ("endpoint", sequence.Endpoint), ("topic", sequence.Topic), ("type", sequence.EntityType), ("id", sequence.EntityId), (Routes.Why, why));

    public static Task<Page> AskAsync(Visit visit)
    {
        var sequence = Of(visit);
        return Task.FromResult(new Page("Release a sequence?", Html.Of($"""
            <p>The missing versions are given up for this endpoint: it goes on with the first message that is there. That cannot be undone. What comes of them later is dropped as old.</p>
            {Words.Facts(("Endpoint", Words.Code(sequence.Endpoint)), ("Topic", Words.Code(sequence.Topic)), ("Entity type", Words.Code(sequence.EntityType)), ("Entity", Words.Code(sequence.EntityId)))}
            {ActForm.Of(visit, [new OfferedAct("Release", At(sequence), Capability.Destroy)])}
            """)) { Tab = Menu.Sequences });
    }

    public static async Task<Page> ReleaseAsync(Visit visit)
    {
        var (sequence, why) = (Of(visit), visit.Query(Routes.Why));
        var decision = (await SentForm.ReadAsync(visit).ConfigureAwait(false)).Decision;
        var isDone = await visit.DoAsync(ct => visit.Get<IInboxOperations>().ReleaseAsync(sequence, decision, ct)).ConfigureAwait(false);
        var did = (Notices.Name, isDone ? Notices.Released : Notices.Nothing);
        return Page.GoTo(why is null ? Link.To(Menu.Sequences, did) : Link.To(Routes.Why, ("q", why), did));
    }

    private static Sequence Of(Visit visit) => new(visit.Required("endpoint"), visit.Required("topic"), visit.Required("id")) { EntityType = visit.Query("type") ?? "" };
}
