using MongoDB.Bson;
using Outbox.Versioning;

namespace Outbox.MongoDb.Versioning;

/// <summary>The fields in which a collection's documents keep what <see cref="IVersioned"/> says.</summary>
/// <param name="Version">The field of <see cref="IVersioned.Version"/>.</param>
/// <param name="LastMessageId">The field of <see cref="IVersioned.LastMessageId"/>.</param>
/// <param name="LastUpdated">The field of <see cref="IVersioned.LastUpdated"/>.</param>
internal sealed record StampFields(string Version, string LastMessageId, string LastUpdated)
{
    /// <summary>Of a tombstone; no class map has a say in it.</summary>
    public const string Deleted = "deleted";

    /// <summary>Since when a tombstone is one.</summary>
    public const string DeletedAt = "deletedAt";

    /// <summary>What a decision needs of a stored document.</summary>
    public BsonDocument Projection { get; } = new() { { Version, 1 }, { LastMessageId, 1 }, { LastUpdated, 1 }, { Deleted, 1 } };

    /// <summary>A stored document's version, as an expression; 0 where it has none.</summary>
    public BsonDocument StoredVersion { get; } = new("$ifNull", new BsonArray { "$" + Version, 0L });

    /// <summary>The fields that a change leaves in the state.</summary>
    public BsonDocument Of(MessageStamp stamp) => new()
    {
        { Version, stamp.Version },
        { LastMessageId, stamp.MessageId },
        { LastUpdated, stamp.Timestamp.UtcDateTime },
    };
}
