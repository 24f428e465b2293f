namespace Outbox.History.Repair;

/// <summary>Where gaps are asked for and answered.</summary>
public static class RepairTopic
{
    /// <summary>The topic that the owner of another is asked on: <c>orders.repair</c> for <c>orders</c>. Its consumer group is called the same.</summary>
    public static string Of(string topic) => $"{topic}.repair";

    /// <summary>
    /// The Kafka key of what is repeated: not the entity's, under which an old version would be the newest of a compacted topic. All that is repeated of an entity for one endpoint keeps its order.
    /// </summary>
    public static string KeyOf(string endpoint, string entityId) => $"replay/{endpoint}/{entityId}";
}
