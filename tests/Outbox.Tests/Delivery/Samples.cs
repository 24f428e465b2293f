using Outbox.Messages;

namespace Outbox.Tests.Delivery;

internal static class Samples
{
    public static OutboxMessage Message(string entity, long version = 1, string topic = "orders", string entityType = "order") => new()
    {
        MessageId = $"{entityType}-{entity}-{version}",
        Lane = 0,
        Topic = topic,
        EntityType = entityType,
        EntityId = entity,
        Version = version,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "order-placed",
        Payload = "{}",
        Timestamp = DateTimeOffset.UnixEpoch,
    };
}
