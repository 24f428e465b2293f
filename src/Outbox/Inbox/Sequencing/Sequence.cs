namespace Outbox.Inbox.Sequencing;

/// <summary>The versions of one entity, as one endpoint processes them.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Topic">The topic that the versions come from.</param>
/// <param name="EntityId">The entity.</param>
public sealed record Sequence(string Endpoint, string Topic, string EntityId);
