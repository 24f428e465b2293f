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

    private static string Header(Message<string, byte[]> message, string name) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(name));
}
