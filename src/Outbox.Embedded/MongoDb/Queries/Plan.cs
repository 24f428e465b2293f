using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Queries;

/// Encoded keys from Start up to but not including End.
internal sealed record KeyRange(byte[] Start, byte[] End)
{
    public static KeyRange All { get; } = new([], [0xFF]);
}

/// How to walk a collection: through an index in ranges, or record by record. `Sorted` says that the walk is in the order asked for.
internal sealed record Plan(CollectionIndex? Index, IReadOnlyList<KeyRange> Ranges, bool Backward, bool Sorted)
{
    /// How many leading keys of the index the ranges come from.
    public int BoundKeys { get; init; }

    /// The ranges hold nothing but what the filter matches.
    public bool Exact { get; init; }

    public static Plan Natural { get; } = new(null, [], false, false);
}
