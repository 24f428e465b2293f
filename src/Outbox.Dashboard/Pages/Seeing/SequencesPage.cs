using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Failures;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>What waits for a version that has not come.</summary>
internal static class SequencesPage
{
    private const int Size = 50;

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var (endpoint, cursor) = (visit.Query("endpoint"), visit.Query("cursor"));
        var found = await visit.AskAsync(ct => visit.Get<IOutboxOverview>().ListWaitingAsync(endpoint, cursor, Size, ct)).ConfigureAwait(false);
        return new Page("Sequences that wait", Html.Of($"""
            {Html.If(endpoint is not null, $"<p>Of endpoint {Words.Code(endpoint)}. {Words.A(Link.To(Menu.Sequences), "All")}</p>")}
            {(found.Value is { } page ? Rows(visit, page, endpoint, cursor) : Words.Unknown(found.Problem))}
            """)) { Tab = Menu.Sequences };
    }

    private static Html Rows(Visit visit, Page<WaitingSequence> page, string? endpoint, string? cursor) => Html.Of($"""
        {Table.Of(
            "Sequences",
            page.Items,
            "No sequence waits.",
            new("Endpoint", waiting => Words.Code(waiting.Sequence.Endpoint)),
            new("Entity", waiting => Entities.A(waiting.Sequence.EntityType, waiting.Sequence.EntityId)),
            new("Topic", waiting => Words.Code(waiting.Sequence.Topic)),
            new("Missing", Missing),
            new("Since", waiting => Times.At(waiting.Since, visit.Now)),
            new("Deadline", waiting => Html.Of($"{Times.At(waiting.Deadline, visit.Now)} {Html.If(waiting.Deadline < visit.Now, $"{Words.Tag("bad", "overdue")}")}")),
            new("Owner asked", waiting => Html.If(waiting.Asks > 0, $"{waiting.Asks} times, {Times.At(waiting.AskedAt, visit.Now)}")),
            new("Act", waiting => Html.If(visit.May(Capability.Destroy), $"<a class=\"button grave\" href=\"{SequenceActs.At(waiting.Sequence)}\">Release…</a>")))}
        {Words.More(cursor is null ? null : Link.To(Menu.Sequences, ("endpoint", endpoint)), page.Next is null ? null : Link.To(Menu.Sequences, ("endpoint", endpoint), ("cursor", page.Next)))}
        """);

    private static Html Missing(WaitingSequence waiting) => waiting.FirstWaiting > waiting.Version + 2
        ? Html.Of($"versions {waiting.Version + 1} to {waiting.FirstWaiting - 1}")
        : Html.Of($"version {waiting.Version + 1}");
}
