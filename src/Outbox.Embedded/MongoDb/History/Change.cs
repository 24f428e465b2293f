namespace Outbox.Embedded.MongoDb.History;

/// One committed change. All changes of a transaction bear one timestamp and are told apart by their ordinal.
internal sealed record Change(ChangeKind Kind, Namespace Namespace, byte[]? Before, byte[]? After)
{
    /// The name that a renamed collection has now.
    public Namespace? To { get; init; }

    public ulong Timestamp { get; init; }

    public int Ordinal { get; init; }

    public Position Position => new(Timestamp, Ordinal);

    public DateTime WallTime { get; init; }

    public TransactionId? Transaction { get; init; }
}

internal enum ChangeKind
{
    Insert,
    Update,
    Replace,
    Delete,
    Drop,
    DropDatabase,
    Rename,
}

/// A place in the order of all changes.
internal readonly record struct Position(ulong Timestamp, int Ordinal) : IComparable<Position>
{
    public static Position EndOf(ulong timestamp) => new(timestamp, int.MaxValue);

    public int CompareTo(Position other) => Timestamp != other.Timestamp ? Timestamp.CompareTo(other.Timestamp) : Ordinal.CompareTo(other.Ordinal);
}

internal sealed record TransactionId(MongoDB.Bson.BsonDocument SessionId, long Number);
