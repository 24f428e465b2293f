using MassTransit;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Intents;
using Outbox.Messages.Registration;

namespace Outbox;

/// <summary>Lets the receiver of a command refuse it.</summary>
public static class RejectionExtensions
{
    /// <summary>
    /// Refuses the command that is being consumed: a <see cref="CommandRejected"/> with the reason becomes part of the consumer's transaction, correlated
    /// to the command. The command counts as processed.
    /// </summary>
    /// <exception cref="OutboxException">The consumer's endpoint has no inbox, or <see cref="CommandRejected"/> is not registered on any topic.</exception>
    public static void Reject<T>(this ConsumeContext<T> context, string reason)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var commandId = context.TryGetPayload<Cause>(out var cause) ? cause.MessageId : context.MessageId?.ToString()
            ?? throw new OutboxException($"A {typeof(T).Name} without a message id cannot be refused: nobody could tell which one was meant.");
        var entityId = context.TryGetPayload<Versioning.MessageStamp>(out var stamp) ? stamp.EntityId : "";
        var transaction = context.TryGetPayload<IOutboxTransaction>(out var running)
            ? running
            : throw new OutboxException($"A {typeof(T).Name} is refused by a message, which needs a transaction, and this consumer runs without one. Its endpoint needs the inbox.");
        transaction.Publish(new CommandRejected(commandId, cause?.Type ?? MessageTypeName.Of(typeof(T)), entityId, reason), commandId, version: 1);
    }
}
