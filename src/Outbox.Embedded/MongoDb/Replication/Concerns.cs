using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Replication;

internal sealed record ReadConcern(string Level, ulong? AfterClusterTime)
{
    public bool Majority => Level is "majority" or "snapshot" or "linearizable";

    public bool Snapshot => Level == "snapshot";

    /// A transaction reads a snapshot, so it takes no concern that knows none.
    public bool SuitsTransactions => Level is "local" or "majority" or "snapshot";

    public static ReadConcern Parse(BsonDocument command)
    {
        var concern = command.OptionalDocument("readConcern");
        concern?.OnlyKnows("readConcern", "level", "afterClusterTime", "provenance");
        var level = concern?.OptionalString("level") ?? "local";
        if (level is not ("local" or "available" or "majority" or "snapshot" or "linearizable"))
        {
            throw MongoError.FailedToParse($"Either 'level' is 'local', 'available', 'majority', 'snapshot' or 'linearizable', or it is not recognized: '{level}'");
        }

        var after = concern?.Optional("afterClusterTime") is BsonTimestamp time ? (ulong?)time.Value : null;
        return new ReadConcern(level, after);
    }
}

internal sealed record WriteConcern(bool Majority, int Nodes, TimeSpan? Timeout, BsonDocument? Source)
{
    public static WriteConcern Parse(BsonDocument command)
    {
        var concern = command.OptionalDocument("writeConcern");
        concern?.OnlyKnows("writeConcern", "w", "j", "fsync", "wtimeout", "wtimeoutMS", "provenance");
        var timeout = concern?.OptionalLong("wtimeout") is > 0 and var ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null;
        return concern?.Optional("w") switch
        {
            null => new WriteConcern(false, 1, timeout, concern),
            BsonString { Value: "majority" } => new WriteConcern(true, 1, timeout, concern),
            BsonString mode => throw new MongoError(79, "UnknownReplWriteConcern", $"No write concern mode named '{mode.Value}' found in replica set configuration"),
            { IsNumeric: true } nodes when nodes.ToInt32() is >= 0 and <= 50 => new WriteConcern(false, nodes.ToInt32(), timeout, concern),
            var other => throw MongoError.FailedToParse($"w has to be a number from 0 to 50 or a string, not {other}"),
        };
    }
}
