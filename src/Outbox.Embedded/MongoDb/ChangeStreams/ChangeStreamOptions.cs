using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.ChangeStreams;

/// What a `$changeStream` stage asks for.
internal sealed record ChangeStreamOptions(Position Start, bool UpdateLookup)
{
    public static ChangeStreamOptions Parse(BsonDocument stage, ulong now)
    {
        stage.OnlyKnows("$changeStream", "fullDocument", "resumeAfter", "startAfter", "startAtOperationTime", "allChangesForCluster");
        var full = stage.OptionalString("fullDocument") ?? "default";
        if (full is not ("default" or "updateLookup"))
        {
            throw MongoError.BadValue($"$changeStream: fullDocument is 'default' or 'updateLookup', not '{full}'");
        }

        return new ChangeStreamOptions(StartOf(stage, now), full == "updateLookup");
    }

    private static Position StartOf(BsonDocument stage, ulong now)
    {
        var resume = stage.OptionalDocument("resumeAfter");
        var start = stage.OptionalDocument("startAfter");
        var time = stage.Optional("startAtOperationTime");
        if ((resume is null ? 0 : 1) + (start is null ? 0 : 1) + (time is null ? 0 : 1) > 1)
        {
            throw MongoError.Location(40674, "Only one type of resume option is allowed, but multiple were found.");
        }

        if (resume is not null && ResumeToken.Parse(resume) is var token)
        {
            return token.Invalidate
                ? throw new MongoError(260, "InvalidResumeToken", "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.")
                : token.Position;
        }

        return (start, time) switch
        {
            ({ } after, _) => ResumeToken.Parse(after).Position,
            (_, BsonTimestamp at) => Position.EndOf(Timestamps.FromBson(at) - 1),
            (_, { } other) => throw MongoError.TypeMismatch($"$changeStream: startAtOperationTime is a timestamp, not {other.BsonType}"),
            _ => Position.EndOf(now),
        };
    }
}
