using Outbox.Messages;

namespace Outbox.Integration.Tests.Delivery.Kafka;

/// <summary>Messages to publish.</summary>
internal static class Batch
{
    public static OutboxMessage Message(string entity, long version, string topic, int lane = 0, DateTimeOffset? timestamp = null, string payload = """{"amount":1}""") => new()
    {
        MessageId = $"{entity}-{version}",
        Lane = lane,
        Topic = topic,
        EntityType = "order",
        EntityId = entity,
        Version = version,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "order-placed",
        Payload = payload,
        Timestamp = timestamp ?? DateTimeOffset.UtcNow,
    };

    /// <summary>Versions 1 to <paramref name="versions"/> of each entity, all first versions first.</summary>
    public static List<OutboxMessage> Of(string topic, int entities, int versions) =>
        [.. from version in Enumerable.Range(1, versions) from entity in Enumerable.Range(1, entities) select Message($"o{entity}", version, topic)];
}
