namespace Outbox.Delivery.Publishing;

/// <summary>
/// How many partitions the relays of a service go by. A topic that gets more partitions moves its entities, and each relay hears of it at its own moment; without a word among them, a lane that
/// changes hands would send an entity back to the partition that it had left.
/// </summary>
public interface ITopicPartitions
{
    /// <summary>Tells the other relays what the brokers say, and hears what these go by: never fewer partitions than before, unless the topic was made again.</summary>
    /// <param name="topic">The topic, as the brokers call it.</param>
    /// <param name="seen">How many partitions the brokers say it has.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many to go by.</returns>
    Task<int> AgreeAsync(string topic, int seen, CancellationToken cancellationToken);
}
