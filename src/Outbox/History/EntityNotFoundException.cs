using Outbox.Messages;

namespace Outbox.History;

/// <summary>There are no events of an entity.</summary>
/// <param name="entity">The entity.</param>
public sealed class EntityNotFoundException(Entity entity) : OutboxException(
    $"There are no events of {entity}, so it was never there. Where that may be, call FindAsync, which returns null; for a new one, make the object and save it.")
{
    /// <summary>The entity.</summary>
    public Entity Entity { get; } = entity;
}
