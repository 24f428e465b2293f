using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Demo.Kafka;

/// <summary>A record as it stands on a topic.</summary>
internal sealed record SeenRecord(TopicPartitionOffset Position, string Key, string MessageId, long Version, Message<string, byte[]> Message)
{
    public static SeenRecord From(ConsumeResult<string, byte[]> result) => new(
        result.TopicPartitionOffset,
        result.Message.Key,
        Header(result.Message, "messageId"),
        long.Parse(Header(result.Message, "version"), CultureInfo.InvariantCulture),
        result.Message);

    /// <summary>The entity: the key, or its last part where a version was published again for somebody.</summary>
    public string EntityId => IsRepair ? Key[(Key.LastIndexOf('/') + 1)..] : Key;

    /// <summary>Whether a version that had got lost was asked for and published again, for the group that has missed it.</summary>
    public bool IsRepair => Message.Headers.TryGetLastBytes("replayFor", out _);

    private static string Header(Message<string, byte[]> message, string name) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(name));
}
