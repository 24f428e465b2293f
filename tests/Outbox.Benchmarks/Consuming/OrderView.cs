using MongoDB.Bson.Serialization.Attributes;
using Outbox.Versioning;

namespace Outbox.Benchmarks.Consuming;

/// What every contestant keeps of an order.
internal sealed class OrderView : IVersioned
{
    public required string Id { get; set; }

    [BsonElement("note")]
    public required string Note { get; set; }

    [BsonElement("version")]
    public long Version { get; set; }

    [BsonElement("lastMessageId")]
    public string? LastMessageId { get; set; }

    [BsonElement("lastUpdated")]
    public DateTime? LastUpdated { get; set; }
}
