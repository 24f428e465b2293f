using System.Globalization;
using MassTransit;
using Outbox.Capture;
using Outbox.Versioning;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox;

/// <summary>What a consumer with an inbox may ask of its context.</summary>
public static class ConsumeContextExtensions
{
    /// <summary>The transaction that the consumer runs in.</summary>
    /// <exception cref="OutboxException">The consumer's endpoint has no inbox.</exception>
    public static IOutboxTransaction Transaction(this ConsumeContext context) =>
        context.TryGetPayload<IOutboxTransaction>(out var transaction)
            ? transaction
            : throw new OutboxException(
                "This consumer runs without a transaction. Its endpoint needs the inbox: endpoints of UsingKafkaOutbox have it; elsewhere call e.UseInbox(context).");

    /// <summary>The message's place in its entity's history, for version-checked changes.</summary>
    /// <exception cref="OutboxException">The message does not say it.</exception>
    public static MessageStamp Stamp(this ConsumeContext context) =>
        context.TryGetPayload<MessageStamp>(out var stamp)
            ? stamp
            : context.StampFromHeaders(MessageOrdering.NewestVersion) ?? throw new OutboxException(
                $"Message {context.MessageId} does not say its place in its entity's history: it needs a message id and the headers "
                + $"'{MessageHeaders.EntityId}' and '{MessageHeaders.Version}'.");

    /// <summary>
    /// Whether the consumer processes again what it has processed before, because somebody replays its endpoint. What it publishes is left out then, unless the message says otherwise
    /// (<c>x => x.PublishOnReplay()</c>, <see cref="MessageOptions.PublishOnReplay"/>); what it does outside of the database it should leave out itself.
    /// </summary>
    public static bool IsReplay(this ConsumeContext context) => context.TryGetPayload<IOutboxTransaction>(out var transaction) && transaction is BufferedTransaction { Buffer.IsReplay: true };

    internal static MessageStamp? StampFromHeaders(this ConsumeContext context, MessageOrdering ordering)
    {
        var hasVersion = long.TryParse(context.Headers.Get<string>(MessageHeaders.Version), NumberStyles.None, CultureInfo.InvariantCulture, out var version);
        return context.Headers.Get<string>(MessageHeaders.EntityId) is { Length: > 0 } entityId && context.MessageId is { } messageId
            && (hasVersion || ordering is MessageOrdering.NewestTimestamp or MessageOrdering.Partition)
            ? new MessageStamp(messageId.ToString(), entityId, version, context.SentTime ?? default(DateTimeOffset), ordering)
            : null;
    }
}
