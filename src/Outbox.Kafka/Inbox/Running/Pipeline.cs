using MassTransit;
using MassTransit.Transports;
using Outbox.Capture;
using Outbox.Inbox;
using Outbox.Inbox.Own;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Way;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>MassTransit's receive pipeline of the endpoint: its retries, filters, scopes, observers and consumers.</summary>
internal sealed class Pipeline(ReceiveEndpointContext context, TopicEndpointSettings settings, OwnEndpoint own, IBus bus, ReplayGate replays)
{
    private readonly IReceivePipeDispatcher _pipe = context.CreateReceivePipeDispatcher();

    /// <summary>A message as MassTransit knows it.</summary>
    public KafkaReceiveContext Open(Passage message)
    {
        var (envelope, ordering) = (message.Decoded!.Envelope!, message.Decoded.Ordering);
        return new KafkaReceiveContext(message, context,
        [
            message.Record.Position.AsPayload(),
            new Cause(envelope.MessageId, envelope.CorrelationId) { Type = envelope.Type },
            new InboxAttempts(earlyMessagesWait: true),
            own,
            StampOf(envelope, ordering),
            replays.ScopeOf(message),
            settings.HasSeveralTopics ? new RecordScope(message.Record.Topic) : null,
            ordering == MessageOrdering.Sequence ? message.EntityOn(settings.Group) : null,
        ]);
    }

    /// <summary>What the inbox notes of a message that was opened.</summary>
    public static InboxAttempts AttemptsOf(KafkaReceiveContext opened) =>
        opened.TryGetPayload<InboxAttempts>(out var attempts) ? attempts : throw new InvalidOperationException("Only a message's own context counts attempts.");

    /// <summary>The message as its consumers see it.</summary>
    public KafkaConsumeContext ContextOf(KafkaReceiveContext receiveContext, Passage message) => new(receiveContext, message.Decoded!, bus);

    /// <summary>The one context that goes through the pipeline for all messages of a batch.</summary>
    public KafkaReceiveContext OpenFor(Passage first, object batch, CancellationToken abandoned) => new(first, context, [batch]) { Abandoned = abandoned };

    public Task SendAsync(KafkaReceiveContext receiveContext, Passage message)
    {
        LogContext.SetCurrentIfNull(context.LogContext);
        ConsumeContext consumeContext = ContextOf(receiveContext, message);
        receiveContext.AddOrUpdatePayload(() => consumeContext, _ => consumeContext);
        return _pipe.Dispatch(receiveContext, NoLock.Instance);
    }

    /// <summary>Without an entity, or without the version that the type is ordered by, a message has no place in a history.</summary>
    private static MessageStamp? StampOf(Envelope envelope, MessageOrdering ordering) =>
        envelope.EntityId.Length > 0 && (envelope.Version is not null || ordering is MessageOrdering.NewestTimestamp or MessageOrdering.Partition)
            ? new MessageStamp(envelope.MessageId, envelope.EntityId, envelope.Version ?? 0, envelope.Timestamp, ordering)
            : null;

    /// <summary>The offset is the caller's affair: nothing is locked.</summary>
    internal sealed class NoLock : ReceiveLockContext
    {
        public static readonly NoLock Instance = new();

        public Task Complete() => Task.CompletedTask;

        public Task Faulted(Exception exception) => Task.CompletedTask;

        public Task ValidateLockStatus() => Task.CompletedTask;
    }
}
