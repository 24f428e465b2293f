using System.Diagnostics;
using MassTransit;
using MassTransit.Transports;
using Outbox.Capture;
using Outbox.Diagnostics;
using Outbox.Inbox;
using Outbox.Inbox.Batches;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Batches;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Decoding;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>Sends a decoded message through MassTransit's receive pipeline: its retries, filters, scopes, observers and consumers.</summary>
internal sealed class MessageDispatch(ReceiveEndpointContext context, EndpointServices services)
{
    private static readonly ActivitySource Activities = new(OutboxTelemetry.Name);

    private readonly IReceivePipeDispatcher _pipe = context.CreateReceivePipeDispatcher();

    public KafkaReceiveContext Open(ReceivedMessage message, DecodedMessage decoded, bool redelivered)
    {
        var envelope = decoded.Envelope!;
        var payloads = new List<object>(6)
        {
            message.Result.TopicPartitionOffset,
            new Cause(envelope.MessageId, envelope.CorrelationId) { Type = envelope.Type },
            new InboxAttempts(earlyMessagesWait: true),
        };
        if (StampOf(envelope, decoded.Ordering) is { } stamp)
        {
            payloads.Add(stamp);
        }

        if (decoded.Ordering == MessageOrdering.Sequence)
        {
            payloads.Add(new Sequence(services.Settings.Group, message.Result.Topic, envelope.EntityId));
        }

        return new KafkaReceiveContext(message, redelivered, context, [.. payloads]);
    }

    /// <returns>What the inbox did.</returns>
    public async Task<InboxOutcome?> SendAsync(KafkaReceiveContext receiveContext, ReceivedMessage message, DecodedMessage decoded)
    {
        using var activity = Activities.HasListeners() ? Start(message, decoded) : null;
        ConsumeContext consumeContext = new KafkaConsumeContext(receiveContext, decoded);
        receiveContext.AddOrUpdatePayload(() => consumeContext, _ => consumeContext);
        await _pipe.Dispatch(receiveContext, NoLock.Instance).ConfigureAwait(false);
        return receiveContext.TryGetPayload<InboxAttempts>(out var attempts) ? attempts.Outcome : null;
    }

    /// <summary>Sends a batch through the pipeline at once: the first message stands for all.</summary>
    public async Task SendAsync(IReadOnlyList<BatchedMessage> messages, CancellationToken abandoned)
    {
        using var activity = Activities.HasListeners() ? Start(messages) : null;
        var first = messages[0];
        using var carrier = new KafkaReceiveContext(first.Message, first.Context.Redelivered, context, [new WholeBatch([.. messages.Select(message => message.Item)])])
        {
            Abandoned = abandoned,
        };
        ConsumeContext consumeContext = new KafkaConsumeContext(carrier, first.Decoded);
        carrier.AddOrUpdatePayload(() => consumeContext, _ => consumeContext);
        await _pipe.Dispatch(carrier, NoLock.Instance).ConfigureAwait(false);
    }

    /// <summary>Without an entity, or without the version that the type is ordered by, a message has no place in a history.</summary>
    private static MessageStamp? StampOf(Envelope envelope, MessageOrdering ordering) =>
        envelope.EntityId.Length > 0 && (envelope.Version is not null || ordering is MessageOrdering.NewestTimestamp or MessageOrdering.Partition)
            ? new MessageStamp(envelope.MessageId, envelope.EntityId, envelope.Version ?? 0, envelope.Timestamp, ordering)
            : null;

    /// <summary>A batch belongs to the traces of all its messages.</summary>
    private static Activity? Start(IReadOnlyList<BatchedMessage> messages)
    {
        var links = new List<ActivityLink>(messages.Count);
        foreach (var envelope in messages.Select(message => message.Decoded.Envelope!))
        {
            if (ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var cause))
            {
                links.Add(new ActivityLink(cause));
            }
        }

        var topic = messages[0].Message.Result.Topic;
        return Activities.StartActivity(ActivityKind.Consumer, links: links, name: $"process {topic}")
            ?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", topic)
            .SetTag("messaging.batch.message_count", messages.Count);
    }

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
