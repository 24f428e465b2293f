namespace Outbox.Capture;

/// <summary>One running transaction. Messages become visible to the relay when, and only when, it commits.</summary>
public interface IOutboxTransaction
{
    /// <summary>Captures an event about an entity.</summary>
    /// <param name="message">The message; it is serialized at once, so later changes to the object have no effect. Where its own type is registered, it is published as that, whatever the type
    /// of the variable is; where it is not, and what the object has beyond <typeparamref name="T"/> would be lost, it is refused.</param>
    /// <param name="entityId">The entity: the Kafka key, and the unit of order.</param>
    /// <param name="version">The entity's version after this change. Without one, a counter of the entity is raised inside the transaction.
    /// All messages of an entity to one topic bring a version, or none does.</param>
    /// <param name="options">Settings of this one message.</param>
    /// <exception cref="OutboxException">The type is not registered, the entity id is empty, the payload exceeds the limit, or something else would keep the message from being published as it is.</exception>
    void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class;

    /// <summary>Captures an event as one of a given type, for callers that do not know it at compile time.</summary>
    /// <inheritdoc cref="Publish{T}"/>
    /// <param name="message">The message.</param>
    /// <param name="type">The registered type that it is published as. Where that would lose what the object has beyond it, it is refused.</param>
    /// <param name="entityId">The entity.</param>
    /// <param name="version">The entity's version after this change.</param>
    /// <param name="options">Settings of this one message.</param>
    void Publish(object message, Type type, string entityId, long? version = null, MessageOptions? options = null) =>
        UntypedCalls.Invoke(this, nameof(Publish), type, [message, entityId, version, options]);

    /// <summary>Captures a Kafka tombstone: a message with a key and headers but no value, which deletes the entity from compacted topics.</summary>
    /// <typeparam name="T">The event type whose topic and name the tombstone carries.</typeparam>
    /// <param name="entityId">The entity that is gone.</param>
    /// <param name="version">The entity's version after its deletion. Without one, the entity's counter is raised.</param>
    /// <param name="options">Settings of this one message.</param>
    void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class;

    /// <inheritdoc cref="PublishTombstone{T}"/>
    /// <param name="type">The event type whose topic and name the tombstone carries.</param>
    /// <param name="entityId">The entity that is gone.</param>
    /// <param name="version">The entity's version after its deletion.</param>
    /// <param name="options">Settings of this one message.</param>
    void PublishTombstone(Type type, string entityId, long? version = null, MessageOptions? options = null) =>
        UntypedCalls.Invoke(this, nameof(PublishTombstone), type, [entityId, version, options]);

    /// <summary>Captures a command to another service; as <see cref="Publish{T}"/> otherwise.</summary>
    /// <inheritdoc cref="Publish{T}"/>
    void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class;

    /// <summary>Captures a command as one of a given type; as <see cref="Publish(object, Type, string, long?, MessageOptions?)"/> otherwise.</summary>
    /// <inheritdoc cref="Publish(object, Type, string, long?, MessageOptions?)"/>
    void Send(object message, Type type, string entityId, long? version = null, MessageOptions? options = null) =>
        UntypedCalls.Invoke(this, nameof(Send), type, [message, entityId, version, options]);
}
