using MongoDB.Bson;
using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>A document of the outbox: a message, or what cannot be read as one.</summary>
/// <param name="Message">The message, if it can be read.</param>
/// <param name="Document">The document, if it cannot.</param>
/// <param name="Error">Why it cannot.</param>
internal readonly record struct StoredMessage(OutboxMessage? Message, BsonDocument? Document = null, string? Error = null)
{
    public string? EntityId => Message is not null ? Message.EntityId : (Document?.GetValue("entityId", null) as BsonString)?.Value;
}
