using Confluent.Kafka;
using MassTransit;
using MassTransit.Transports.Components;
using Outbox.Inbox;
using Outbox.Messages.Registration;

namespace Outbox.Kafka;

/// <summary>
/// An endpoint that consumes one topic in one consumer group. Messages with the same key are processed in order, others in parallel;
/// <c>ConcurrentMessageLimit</c> says how many at once, <c>PrefetchCount</c> how many wait in memory.
/// </summary>
public interface ITopicEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>Where a group without a committed offset begins.</summary>
    /// <value>The default value is <see cref="Confluent.Kafka.AutoOffsetReset.Earliest"/>.</value>
    AutoOffsetReset AutoOffsetReset { set; }

    /// <summary>What to do when Kafka has deleted messages that the group had not read.</summary>
    /// <value>The default value is <see cref="LostMessagesPolicy.GoOn"/>.</value>
    LostMessagesPolicy OnLostMessages { set; }

    /// <summary>How often offsets of finished messages are committed. After a crash at most this much is delivered again.</summary>
    /// <value>The default value is 1 second.</value>
    TimeSpan CheckpointInterval { set; }

    /// <summary>How many finished messages make a commit before the interval is over.</summary>
    /// <value>The default value is 5,000.</value>
    int CheckpointMessageCount { set; }

    /// <summary>
    /// How many messages of a partition may be read behind one that does not come to its end. Its offset cannot be committed, so all of them come again after a restart; then the
    /// partition is read no further, and the endpoint is unhealthy and names the message.
    /// </summary>
    /// <value>The default value is 10,000, or twice the <c>PrefetchCount</c> if that is more.</value>
    int UncommittedMessageLimit { set; }

    /// <summary>How many bytes of messages wait in memory at most, whatever <c>PrefetchCount</c> says; one message may always.</summary>
    /// <value>The default value is 64 MB.</value>
    long PrefetchByteLimit { set; }

    /// <summary>How many messages of one key may be processed at once. More than one gives up the order within a key.</summary>
    /// <value>The default value is 1.</value>
    int ConcurrentDeliveryLimit { set; }

    /// <summary>
    /// How long messages that are being processed may take to finish when their partition is taken away or the endpoint stops; then they are cancelled,
    /// and delivered again elsewhere.
    /// </summary>
    /// <value>The default value is 10 seconds.</value>
    TimeSpan RevokeTimeout { set; }

    /// <summary>
    /// Pauses the endpoint when too many messages fail after their retries (MassTransit's options): from then on nothing is processed and nothing is parked until the
    /// <c>RestartTimeout</c> is over. It stands in for MassTransit's extension of the same name, which has the consumer leave its group, and parks what fails until it has.
    /// </summary>
    /// <param name="configure">How many failures, and how long to pause.</param>
    void UseKillSwitch(Action<KillSwitchOptions>? configure = null);

    /// <summary>
    /// Publishes a copy of every message that is about to be parked to a topic, with its key, value and headers, and headers that say what went wrong (<c>deadLetter.…</c>). What counts
    /// is still the parked message: operations work on that alone. After a crash the copy may come twice, or be of a message that was processed after all.
    /// </summary>
    /// <param name="name">The topic; by default that of the message with <c>.dlq</c> at its end.</param>
    void DeadLetterTopic(string? name = null);

    /// <summary>Sets how the endpoint's inbox works.</summary>
    /// <param name="configure">Sets the options.</param>
    void Inbox(Action<InboxOptions> configure);

    /// <summary>
    /// Whether the batches of a consumer of <c>Batch&lt;T&gt;</c>, where it is the endpoint's only one, are put together in the order of their keys and go through the
    /// endpoint's filters, retries and observers as one, the first message standing for all. Otherwise each message goes through them on its own, which costs
    /// several times as much, and a batch holds one message of a key at most.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    bool WholeBatches { set; }

    /// <summary>What happens to an entity's later messages on this endpoint when one of its messages fails for good, whatever the message types say.</summary>
    /// <value>
    /// The default is what each message type says: <see cref="FailurePolicy.Continue"/> unless it is set there. Types in sequence always hold their entity.
    /// </value>
    FailurePolicy OnFailed { set; }

    /// <summary>
    /// Takes a snapshot of collections that this endpoint alone writes, at an interval, to replay from (<c>IInboxReplay</c>); the last three are kept. All instances stop consuming while it is taken,
    /// and one has had partitions for at least ten seconds, or the interval, if that is shorter, before the next.
    /// </summary>
    /// <param name="interval">How often.</param>
    /// <param name="collections">The service's own collections, in the outbox's database.</param>
    void SnapshotEvery(TimeSpan interval, params IReadOnlyList<string> collections);
}
