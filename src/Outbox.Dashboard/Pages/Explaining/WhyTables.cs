using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Explaining;

namespace Outbox.Dashboard.Pages.Explaining;

/// <summary>What there is of a message or an entity, place by place.</summary>
internal static class WhyTables
{
    public static Html Of(Visit visit, Explanation found) => Html.Of($"""
        {Messages(visit, "Waits to be published", found.Pending, null)}
        {Messages(visit, "Could not be published", found.Parked, Side.Outbox)}
        {Messages(visit, "Published", found.Sent, null)}
        {Messages(visit, "Consumed, and parked", found.InboxParked, Side.Inbox)}
        {Messages(visit, "Processed", found.Processed, null)}
        {Sequences(visit, found.Sequences)}
        """);

    private static Html Messages(Visit visit, string title, IReadOnlyList<TracedMessage> messages, Side? side) => messages.Count == 0 ? Html.None : Html.Of($"""
        <section><h2>{title}</h2>
        {Table.Of(
            title,
            messages,
            "",
            new("Message", traced => Message(traced, side)),
            new("Version", traced => traced.Version is { } version ? Html.Of($"{version}") : Html.None) { IsNumber = true },
            new("Type", traced => Html.Of($"{Visible.Short(traced.Type, 80)}")),
            new("Where", traced => Html.Of($"{Words.Code(traced.Endpoint ?? traced.Topic)}{Html.If(traced.Lane is not null, $" lane {traced.Lane ?? 0}")}")),
            new("What", traced => Html.Of($"{traced.Outcome} {Html.If(traced.NotBefore is not null, $"delayed, {Times.At(traced.NotBefore, visit.Now)}")} <span class=\"error\">{Visible.Short(traced.Error, 200)}</span>")),
            new("When", traced => Times.At(traced.At, visit.Now)))}
        </section>
        """);

    private static Html Message(TracedMessage traced, Side? side)
    {
        var id = side == Side.Inbox ? traced.ParkedId : traced.MessageId;
        return side is { } place && !string.IsNullOrEmpty(id)
            ? Html.Of($"<a href=\"{MessageActs.At(Routes.Message, place, id)}\"><code>{Visible.Short(traced.MessageId, 80)}</code></a>")
            : Html.Of($"<a href=\"{Link.To(Routes.Why, ("q", traced.MessageId))}\"><code>{Visible.Short(traced.MessageId, 80)}</code></a>");
    }

    private static Html Sequences(Visit visit, IReadOnlyList<TracedSequence> sequences) => sequences.Count == 0 ? Html.None : Html.Of($"""
        <section><h2>Sequences</h2>
        {Table.Of(
            "Sequences",
            sequences,
            "",
            new("Endpoint", traced => Words.Code(traced.Sequence.Endpoint)),
            new("Topic", traced => Words.Code(traced.Sequence.Topic)),
            new("Processed up to", traced => Html.Of($"version {traced.Version}")),
            new("Waits", traced => traced.Waits ? Html.Of($"{Words.Tag("warn", "waits")} {Times.At(traced.WaitsSince, visit.Now)}") : Html.Of($"no")),
            new("Deadline", traced => Times.At(traced.Deadline, visit.Now)),
            new("Owner asked", traced => Html.If(traced.Asks > 0, $"{traced.Asks} times, {Times.At(traced.AskedAt, visit.Now)}")))}
        </section>
        """);
}
