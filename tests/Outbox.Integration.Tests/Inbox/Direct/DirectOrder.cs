using MongoDB.Bson.Serialization.Attributes;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Inbox.Direct;

public sealed class DirectOrder : IVersioned
{
    public required string Id { get; set; }

    [BsonElement("amount")]
    public int Amount { get; set; }

    [BsonElement("version")]
    public long Version { get; set; }

    [BsonElement("lastMessageId")]
    public string? LastMessageId { get; set; }

    [BsonElement("lastUpdated")]
    public DateTime? LastUpdated { get; set; }
}
