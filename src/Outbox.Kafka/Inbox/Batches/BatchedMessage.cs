using Outbox.Inbox;
using Outbox.Inbox.Batches;
using Outbox.Kafka.Inbox.Consuming;
using Outbox.Kafka.Inbox.Decoding;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Batches;

/// <summary>A message of a batch, ready to be consumed.</summary>
internal sealed class BatchedMessage(ReceivedMessage message, DecodedMessage decoded, KafkaReceiveContext context)
{
    public ReceivedMessage Message => message;

    public DecodedMessage Decoded => decoded;

    public KafkaReceiveContext Context => context;

    public WholeBatchItem Item { get; } = new(
        new KafkaConsumeContext(context, decoded), decoded.Content!, context.GetOrAddPayload(static () => new InboxAttempts(earlyMessagesWait: true)));
}
