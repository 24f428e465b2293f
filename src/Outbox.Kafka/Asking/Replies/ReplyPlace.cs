using Confluent.Kafka;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Asking.Replies;

/// <summary>Chooses a partition for this life of the instance, and where to read it from: what comes after that is read, also by a consumer that replaces another.</summary>
internal sealed class ReplyPlace(string topic)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Guid _instance = Guid.NewGuid();
    private TopicPartitionOffset? _next;

    public string Topic => topic;

    public string Instance => _instance.ToString("N");

    /// <summary>Where to read on; known when it was found once.</summary>
    public ReplyAddress Address => new(topic, _next!.Partition.Value, Instance);

    /// <summary>An answer was read.</summary>
    public void Read(TopicPartitionOffset offset) => _next = new TopicPartitionOffset(offset.TopicPartition, offset.Offset + 1);

    /// <returns>Where to read from.</returns>
    /// <exception cref="KafkaException">The brokers do not say.</exception>
    public TopicPartitionOffset Find(IConsumer<byte[]?, byte[]?> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var found = admin.GetMetadata(topic, Patience).Topics.Find(known => known.Topic == topic);
        if (found is null or { Error.IsError: true } or { Partitions.Count: 0 })
        {
            throw new KafkaException(found is { Error.IsError: true } ? found.Error : new Error(ErrorCode.Local_UnknownTopic));
        }

        if (_next is { } next && next.Partition.Value < found.Partitions.Count)
        {
            return next;
        }

        var partition = new TopicPartition(topic, (int)((uint)_instance.GetHashCode() % found.Partitions.Count));
        _next = new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, Patience).High);
        return _next;
    }

    /// <summary>Says why it was not found, for those who ask.</summary>
    public string Explain(Error error) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic => $"topic '{topic}' does not exist, or the right Describe on it is missing. Create it; asking starts by itself.",
        ErrorCode.TopicAuthorizationFailed => $"the rights Read and Describe on topic '{topic}' are missing. Grant them; asking starts by itself.",
        _ when KafkaErrors.KindOf(error) == ErrorKind.NoAnswer => $"the brokers do not answer ({error.Reason}).",
        _ => $"{error.Code}: {error.Reason}",
    };
}
