using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>
/// Gives each message of a batch to Kafka or to the bus. Where an entity's messages change from one to the other, the rest waits for the next batch: only so
/// does a failure of the first keep the second from overtaking it.
/// </summary>
internal sealed class RoutingPublisher(Lazy<IMessagePublisher> kafka, Lazy<BusPublisher> bus, TimeProvider time) : IMessagePublisher
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishResult>> PublishAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (!messages.Any(message => BusTopics.Contains(message.Topic)))
        {
            return await kafka.Value.PublishAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
        }

        var results = Enumerable.Repeat(PublishResult.Held, messages.Count).ToArray();
        var (toBus, toKafka) = Split(messages);
        await Task.WhenAll(
            DeliverAsync(toBus, batch => bus.Value.PublishAsync(batch, deadline, time, cancellationToken)),
            DeliverAsync(toKafka, batch => kafka.Value.PublishAsync(batch, deadline, cancellationToken))).ConfigureAwait(false);
        return results;

        async Task DeliverAsync(List<int> indexes, Func<IReadOnlyList<OutboxMessage>, Task<IReadOnlyList<PublishResult>>> deliver)
        {
            if (indexes.Count > 0)
            {
                var outcome = await deliver(indexes.ConvertAll(index => messages[index])).ConfigureAwait(false);
                for (var i = 0; i < indexes.Count; i++)
                {
                    results[indexes[i]] = outcome[i];
                }
            }
        }
    }

    /// <inheritdoc/>
    public Place PlaceOf(OutboxMessage message) => BusTopics.Contains(message.Topic) ? new Place(message.Topic) : kafka.Value.PlaceOf(message);

    private static (List<int> ToBus, List<int> ToKafka) Split(IReadOnlyList<OutboxMessage> messages)
    {
        var (toBus, toKafka) = (new List<int>(), new List<int>());
        var ways = new Dictionary<Entity, bool?>();
        for (var index = 0; index < messages.Count; index++)
        {
            var isBus = BusTopics.Contains(messages[index].Topic);
            if (!ways.TryAdd(messages[index].Entity, isBus) && ways[messages[index].Entity] != isBus)
            {
                ways[messages[index].Entity] = null;
                continue;
            }

            (isBus ? toBus : toKafka).Add(index);
        }

        return (toBus, toKafka);
    }
}
