namespace Outbox.Capture;

/// <summary>One running transaction. Messages become visible to the relay when, and only when, it commits.</summary>
public interface IOutboxTransaction
{
    /// <summary>Captures an event about an entity.</summary>
    /// <param name="message">The message; it is serialized at once, so later changes to the object have no effect.</param>
    /// <param name="entityId">The entity: the Kafka key, and the unit of order.</param>
    /// <param name="version">The entity's version after this change. Without one, a counter of the entity is raised inside the transaction.
    /// All messages of an entity to one topic bring a version, or none does.</param>
    /// <param name="options">Settings of this one message.</param>
    /// <exception cref="OutboxException">The type is not registered, the entity id is empty, or the payload exceeds the limit.</exception>
    void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class;

    /// <summary>Captures a Kafka tombstone: a message with a key and headers but no value, which deletes the entity from compacted topics.</summary>
    /// <typeparam name="T">The event type whose topic and name the tombstone carries.</typeparam>
    /// <param name="entityId">The entity that is gone.</param>
    /// <param name="version">The entity's version after its deletion. Without one, the entity's counter is raised.</param>
    /// <param name="options">Settings of this one message.</param>
    void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class;

    /// <summary>Captures a command to another service; as <see cref="Publish{T}"/> otherwise.</summary>
    /// <inheritdoc cref="Publish{T}"/>
    void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class;
}
