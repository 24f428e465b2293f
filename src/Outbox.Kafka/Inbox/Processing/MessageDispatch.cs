using System.Diagnostics;
using MassTransit;
using MassTransit.Transports;
using Outbox.Capture;
using Outbox.Diagnostics;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Decoding;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>Sends a decoded message through MassTransit's receive pipeline: its retries, filters, scopes, observers and consumers.</summary>
internal sealed class MessageDispatch(ReceiveEndpointContext context, EndpointServices services)
{
    private static readonly ActivitySource Activities = new(OutboxTelemetry.Name);

    private readonly IReceivePipeDispatcher _pipe = context.CreateReceivePipeDispatcher();

    /// <returns>What the inbox did.</returns>
    public async Task<InboxOutcome?> SendAsync(KafkaReceiveContext receiveContext, ReceivedMessage message, DecodedMessage decoded)
    {
        using var activity = Start(message, decoded);
        var envelope = decoded.Envelope!;
        if (StampOf(envelope, decoded.Ordering) is { } stamp)
        {
            receiveContext.AddOrUpdatePayload(() => stamp, _ => stamp);
        }

        if (decoded.Ordering == MessageOrdering.Sequence)
        {
            var sequence = new Sequence(services.Settings.Group, message.Result.Topic, envelope.EntityId);
            receiveContext.AddOrUpdatePayload(() => sequence, _ => sequence);
        }

        var cause = new Cause(envelope.MessageId, envelope.CorrelationId) { Type = envelope.Type };
        receiveContext.AddOrUpdatePayload(() => cause, _ => cause);
        var attempts = new InboxAttempts(earlyMessagesWait: true);
        receiveContext.AddOrUpdatePayload(() => attempts, _ => attempts);
        ConsumeContext consumeContext = new KafkaConsumeContext(receiveContext, decoded);
        receiveContext.AddOrUpdatePayload(() => consumeContext, _ => consumeContext);
        await _pipe.Dispatch(receiveContext, NoLock.Instance).ConfigureAwait(false);
        return attempts.Outcome;
    }

    /// <summary>Without an entity, or without the version that the type is ordered by, a message has no place in a history.</summary>
    private static MessageStamp? StampOf(Envelope envelope, MessageOrdering ordering) =>
        envelope.EntityId.Length > 0 && (envelope.Version is not null || ordering is MessageOrdering.NewestTimestamp or MessageOrdering.Partition)
            ? new MessageStamp(envelope.MessageId, envelope.EntityId, envelope.Version ?? 0, envelope.Timestamp, ordering)
            : null;

    private static Activity? Start(ReceivedMessage message, DecodedMessage decoded)
    {
        ActivityContext.TryParse(decoded.Envelope!.TraceParent, decoded.Envelope.TraceState, isRemote: true, out var parent);
        return Activities.StartActivity($"process {message.Result.Topic}", ActivityKind.Consumer, parent)
            ?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", message.Result.Topic)
            .SetTag("messaging.message.id", decoded.Envelope.MessageId)
            .SetTag("messaging.kafka.offset", message.Result.Offset.Value);
    }

    /// <summary>The offset is the caller's affair: nothing is locked.</summary>
    private sealed class NoLock : ReceiveLockContext
    {
        public static readonly NoLock Instance = new();

        public Task Complete() => Task.CompletedTask;

        public Task Faulted(Exception exception) => Task.CompletedTask;

        public Task ValidateLockStatus() => Task.CompletedTask;
    }
}
