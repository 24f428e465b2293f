using System.Diagnostics;
using MassTransit;
using MassTransit.Transports;
using Outbox.Diagnostics;
using Outbox.Inbox;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Messages;
using Outbox.Versioning;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>Sends a decoded message through MassTransit's receive pipeline: its retries, filters, scopes, observers and consumers.</summary>
internal sealed class MessageDispatch(ReceiveEndpointContext context)
{
    private static readonly ActivitySource Activities = new(OutboxTelemetry.Name);

    private readonly IReceivePipeDispatcher _pipe = context.CreateReceivePipeDispatcher();

    /// <returns>What the inbox did.</returns>
    public async Task<InboxOutcome?> SendAsync(KafkaReceiveContext receiveContext, ReceivedMessage message, DecodedMessage decoded)
    {
        using var activity = Start(message, decoded);
        var envelope = decoded.Envelope!;
        var stamp = new MessageStamp(envelope.MessageId, envelope.EntityId, envelope.Version, envelope.Timestamp, decoded.Ordering);
        receiveContext.AddOrUpdatePayload(() => stamp, _ => stamp);
        var attempts = new InboxAttempts(earlyMessagesWait: true);
        receiveContext.AddOrUpdatePayload(() => attempts, _ => attempts);
        ConsumeContext consumeContext = new KafkaConsumeContext(receiveContext, decoded);
        receiveContext.AddOrUpdatePayload(() => consumeContext, _ => consumeContext);
        await _pipe.Dispatch(receiveContext, NoLock.Instance).ConfigureAwait(false);
        return attempts.Outcome;
    }

    private static Activity? Start(ReceivedMessage message, DecodedMessage decoded)
    {
        ActivityContext.TryParse(
            MessageDecoder.Header(message, MessageHeaders.TraceParent), MessageDecoder.Header(message, MessageHeaders.TraceState), isRemote: true, out var parent);
        return Activities.StartActivity($"process {message.Result.Topic}", ActivityKind.Consumer, parent)
            ?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", message.Result.Topic)
            .SetTag("messaging.message.id", decoded.Envelope!.MessageId)
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
