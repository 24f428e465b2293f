using MongoDB.Bson;
using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>A document of the outbox: a message, or what cannot be read as one.</summary>
/// <param name="Message">The message, if it can be read.</param>
/// <param name="Document">The document, if it cannot.</param>
/// <param name="Error">Why it cannot.</param>
internal readonly record struct StoredMessage(OutboxMessage? Message, BsonDocument? Document = null, string? Error = null)
{
    /// <summary>The entity, where its id can be read; without a type, where that cannot.</summary>
    public Entity? Entity => Message is not null ? Message.Entity
        : Document?.GetValue("entityId", null) is BsonString id ? new Entity((Document.GetValue("entityType", null) as BsonString)?.Value ?? "", id.Value) : null;
}
