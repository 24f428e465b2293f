using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Inbox;

/// <summary>Messages as another team's producer would write them from the documentation.</summary>
internal static class Wire
{
    /// <summary>As MassTransit's own Kafka rider writes it: the time is that of the record alone.</summary>
    public static Message<string, byte[]> MassTransitMessage(string messageId, OrderPlaced order, DateTime time) => new()
    {
        Key = order.OrderId,
        Value = JsonSerializer.SerializeToUtf8Bytes(new { orderId = order.OrderId, amount = order.Amount }),
        Headers = [new Header("MessageId", Encoding.UTF8.GetBytes(messageId)), new Header("type", "order-placed"u8.ToArray())],
        Timestamp = new Timestamp(time),
    };

    public static Message<string, byte[]> Message(string messageId, OrderPlaced order, long version = 1, string type = "order-placed", string entityType = "order") => new()
    {
        Key = order.OrderId,
        Value = JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId,
            entityId = order.OrderId,
            entityType,
            version,
            intent = "event",
            type,
            payload = new { orderId = order.OrderId, amount = order.Amount },
            timestamp = DateTimeOffset.UnixEpoch,
        }),
        Headers = [new Header("type", Encoding.UTF8.GetBytes(type))],
    };
}
