using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Outbox.History.Projecting.Building;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>Asks the brokers how far groups have come, with a client for each group, which never joins it.</summary>
internal sealed class KafkaProjectionFeed(IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox) : IProjectionFeed, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<IConsumer<byte[]?, byte[]?>>> _clients = new(StringComparer.Ordinal);

    private TimeSpan Timeout => kafka.Value.TopicTimeout;

    /// <inheritdoc/>
    public string NameOf(string topic) => kafka.Value.TopicPrefix + topic;

    /// <inheritdoc/>
    public Task PinAsync(string group, string topic, CancellationToken cancellationToken) => AskAsync(
        group,
        client =>
        {
            var ends = PartitionsOf(client, topic).ConvertAll(partition => new TopicPartitionOffset(partition, client.QueryWatermarkOffsets(partition, Timeout).High));
            if (ends.Count > 0)
            {
                client.Commit(ends);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<FeedPosition> PositionAsync(string group, string topic, CancellationToken cancellationToken) => AskAsync(
        group,
        client =>
        {
            var partitions = PartitionsOf(client, topic);
            var done = partitions.Count == 0 ? [] : client.Committed(partitions, Timeout);
            return new FeedPosition(done.ToDictionary(offset => offset.Partition.Value, offset =>
            {
                var marks = client.QueryWatermarkOffsets(offset.TopicPartition, Timeout);
                return (offset.Offset.Value >= 0 ? offset.Offset.Value : marks.Low.Value, marks.High.Value);
            }));
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private async Task<T> AskAsync<T>(string group, Func<IConsumer<byte[]?, byte[]?>, T> question, CancellationToken cancellationToken)
    {
        var client = _clients.GetOrAdd(group, _ => new Lazy<IConsumer<byte[]?, byte[]?>>(() => ClientBuilders.OfGroup(group, kafka.Value, outbox.Value).Build()));
        try
        {
            return await Task.Run(
                () =>
                {
                    lock (client)
                    {
                        return question(client.Value);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException error)
        {
            // A client that answers no more is replaced.
            Forget(group, client);
            throw new OutboxException(Explain(group, error), error);
        }
    }

    private List<TopicPartition> PartitionsOf(IConsumer<byte[]?, byte[]?> client, string topic)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        var name = NameOf(topic);
        var found = admin.GetMetadata(name, Timeout).Topics.SingleOrDefault(known => known.Topic == name);
        return found switch
        {
            null or { Error.Code: ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic } => [],
            { Error.IsError: true } => throw new KafkaException(found.Error),
            _ => found.Partitions.ConvertAll(partition => new TopicPartition(name, partition.PartitionId)),
        };
    }

    private void Forget(string group, Lazy<IConsumer<byte[]?, byte[]?>> client)
    {
        if (_clients.TryRemove(new KeyValuePair<string, Lazy<IConsumer<byte[]?, byte[]?>>>(group, client)) && client.IsValueCreated)
        {
            _ = Task.Run(client.Value.Dispose);
        }
    }

    private static string Explain(string group, KafkaException error) => error.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress
        ? $"Somebody consumes in group '{group}', which a read model begins with: a service on this Kafka has a projection of the same name, or somebody's consumer that group. Give the projection "
            + $"another name. ({error.Error.Reason})"
        : $"Kafka did not say how far group '{group}' is: {error.Error.Reason}";
}
