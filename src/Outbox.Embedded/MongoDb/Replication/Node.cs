using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Replication;

/// The one member of the replica set, as it announces itself.
internal sealed class Node
{
    public const string SetName = "rs0";

    private readonly ObjectId _processId = ObjectId.GenerateNewId();
    private long _changes;
    private long _term = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private volatile bool _primary = true;

    public string Address { get; set; } = "127.0.0.1:27017";

    /// A client sees the router of a sharded cluster instead of a member.
    public bool IsRouter { get; init; }

    public Signal Changed { get; } = new();

    public bool IsPrimary => _primary;

    public BsonDocument TopologyVersion => new() { { "processId", _processId }, { "counter", Interlocked.Read(ref _changes) } };

    /// Begins at the time of day: a client takes a primary of an older term than the last that it saw at this address for a stale one, and stays away from it.
    public long Term => Interlocked.Read(ref _term);

    public BsonValue ElectionId => new BsonObjectId(ObjectId.Parse($"7fffffff{Term:x16}"));

    public void Become(bool primary)
    {
        if (_primary == primary)
        {
            return;
        }

        if (primary)
        {
            Interlocked.Increment(ref _term);
        }

        _primary = primary;
        Interlocked.Increment(ref _changes);
        Changed.Raise();
    }

    public bool IsCurrent(BsonDocument topologyVersion) =>
        topologyVersion.TryGetValue("counter", out var counter) && counter.ToInt64() == Interlocked.Read(ref _changes)
        && topologyVersion.TryGetValue("processId", out var process) && process == _processId;
}
