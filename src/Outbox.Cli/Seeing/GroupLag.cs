using System.Text.RegularExpressions;
using Confluent.Kafka;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Seeing;

/// <summary>How much an endpoint has left to do of a topic.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Topic">The topic, as the brokers know it.</param>
/// <param name="Partitions">How many partitions it has; 0 where there is no such topic.</param>
/// <param name="Lag">How many records lie between what the group has committed and the end; markers of transactions count too.</param>
internal sealed record GroupLag(string Endpoint, string Topic, int Partitions, long Lag)
{
    /// <summary>The partitions that the group has never committed an offset of: all that they hold is counted.</summary>
    public int NeverCommitted { get; init; }

    /// <summary>The partition that has most left to do.</summary>
    public int? WorstPartition { get; init; }

    /// <summary>Asks the brokers.</summary>
    public static IReadOnlyList<GroupLag> Read(Brokers brokers, IEnumerable<(string Endpoint, string Topic)> consumed)
    {
        using var admin = brokers.Admin();
        var topics = admin.GetMetadata(brokers.Patience).Topics;
        return [.. consumed.GroupBy(pair => pair.Endpoint).SelectMany(group => OfGroup(brokers, group.Key, [.. group.Select(pair => pair.Topic)], topics))];
    }

    private static IEnumerable<GroupLag> OfGroup(Brokers brokers, string endpoint, IReadOnlyList<string> wanted, List<TopicMetadata> topics)
    {
        using var reader = brokers.Reader(endpoint);
        var lags = new List<GroupLag>();
        foreach (var want in wanted)
        {
            var found = topics.Where(topic => IsOf(want, topic.Topic) && topic.Error.Code is ErrorCode.NoError).OrderBy(topic => topic.Topic, StringComparer.Ordinal).ToList();
            lags.AddRange(found.Count == 0 ? [new GroupLag(endpoint, want, 0, 0)] : found.Select(topic => OfTopic(reader, endpoint, topic, brokers.Patience)));
        }

        return lags;
    }

    private static GroupLag OfTopic(IConsumer<byte[], byte[]> reader, string endpoint, TopicMetadata topic, TimeSpan patience)
    {
        var partitions = topic.Partitions.ConvertAll(partition => new TopicPartition(topic.Topic, partition.PartitionId));
        var lags = reader.Committed(partitions, patience).ConvertAll(committed =>
        {
            var ends = reader.QueryWatermarkOffsets(committed.TopicPartition, patience);
            var next = committed.Offset.Value >= 0 ? committed.Offset.Value : ends.Low.Value;
            return (Partition: committed.Partition.Value, Left: Math.Max(0, ends.High.Value - Math.Max(next, ends.Low.Value)), IsNew: committed.Offset.Value < 0);
        });
        return new GroupLag(endpoint, topic.Topic, lags.Count, lags.Sum(lag => lag.Left))
        {
            NeverCommitted = lags.Count(lag => lag.IsNew),
            WorstPartition = lags.Where(lag => lag.Left > 0).OrderByDescending(lag => lag.Left).Select(lag => (int?)lag.Partition).FirstOrDefault(),
        };
    }

    /// <summary>A pattern begins with ^, as Kafka's clients have it.</summary>
    private static bool IsOf(string want, string topic) => want.StartsWith('^') ? Regex.IsMatch(topic, want, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) : want == topic;
}
