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
        context.TryGetPayload<MessageStamp>(out var stamp) ? stamp : FromHeaders(context);

    private static MessageStamp FromHeaders(ConsumeContext context)
    {
        var version = context.Headers.Get<string>(MessageHeaders.Version);
        if (context.Headers.Get<string>(MessageHeaders.EntityId) is not { Length: > 0 } entityId
            || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            || context.MessageId is not { } messageId)
        {
            throw new OutboxException(
                $"Message {context.MessageId} does not say its place in its entity's history: it needs a message id and the headers "
                + $"'{MessageHeaders.EntityId}' and '{MessageHeaders.Version}'.");
        }

        return new MessageStamp(messageId.ToString(), entityId, parsed, context.SentTime ?? DateTimeOffset.UnixEpoch);
    }
}
