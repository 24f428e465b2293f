namespace Outbox.Messages;

/// <summary>
/// What a consumer gets for a Kafka tombstone of <typeparamref name="T"/>: <c>IConsumer&lt;Tombstone&lt;OrderPlaced&gt;&gt;</c>. An endpoint without
/// such a consumer skips them.
/// </summary>
/// <typeparam name="T">The message type whose name the tombstone carries.</typeparam>
/// <param name="EntityId">The entity that is gone.</param>
public sealed record Tombstone<T>(string EntityId)
    where T : class;
