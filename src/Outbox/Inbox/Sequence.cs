namespace Outbox.Inbox;

/// <summary>The versions of one entity, as one endpoint processes them.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Topic">The topic that the versions come from.</param>
/// <param name="EntityId">The entity.</param>
public sealed record Sequence(string Endpoint, string Topic, string EntityId)
{
    /// <summary>What the entity id names: order 42 and customer 42 have a sequence each. Empty where nobody says, and in what version 0.1 has stored.</summary>
    public string EntityType { get; init; } = "";

    /// <summary>For a person: <c>order 42 on topic orders at endpoint billing</c>.</summary>
    public override string ToString() => $"{(EntityType.Length > 0 ? EntityType + " " : "")}{EntityId} on topic {Topic} at endpoint {Endpoint}";
}
