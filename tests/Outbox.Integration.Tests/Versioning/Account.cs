using MongoDB.Bson.Serialization.Attributes;
using Outbox.Versioning;

namespace Outbox.Integration.Tests.Versioning;

public sealed class Account : IVersioned
{
    public required string Id { get; set; }

    [BsonElement("balance")]
    public int Balance { get; set; }

    [BsonElement("note")]
    [BsonIgnoreIfNull]
    public string? Note { get; set; }

    [BsonElement("version")]
    public long Version { get; set; }

    [BsonElement("lastMessageId")]
    public string? LastMessageId { get; set; }

    [BsonElement("lastUpdated")]
    public DateTime? LastUpdated { get; set; }
}
