using MongoDB.Bson;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.ChangeStreams;

/// Changes as MongoDB shows them to those who watch.
internal static class ChangeEvents
{
    public static BsonDocument Of(Change change, Func<Change, BsonValue, BsonValue>? lookup)
    {
        var result = Head(change, change.Kind.ToString() is var kind ? char.ToLowerInvariant(kind[0]) + kind[1..] : "", invalidate: false);
        var id = (change.After ?? change.Before) is { } document ? Raw.Id(document) : null;
        if (change.Kind is ChangeKind.Insert or ChangeKind.Replace)
        {
            result.Add("fullDocument", Raw.Decode(change.After!));
        }
        else if (change.Kind == ChangeKind.Update && lookup is not null)
        {
            result.Add("fullDocument", lookup(change, id!));
        }

        var name = new BsonDocument("db", change.Namespace.Database);
        result.Add("ns", change.Kind == ChangeKind.DropDatabase ? name : name.Add("coll", change.Namespace.Collection));
        if (change.To is { } to)
        {
            result.Add("to", new BsonDocument { { "db", to.Database }, { "coll", to.Collection } });
        }

        if (id is not null)
        {
            result.Add("documentKey", new BsonDocument("_id", id));
        }

        return change.Kind == ChangeKind.Update ? result.Add("updateDescription", UpdateDescription.Between(Raw.Decode(change.Before!), Raw.Decode(change.After!))) : result;
    }

    /// What a stream ends with when that which it watches is gone.
    public static BsonDocument Invalidate(Change change) => Head(change, "invalidate", invalidate: true);

    private static BsonDocument Head(Change change, string operation, bool invalidate)
    {
        var result = new BsonDocument
        {
            { "_id", new ResumeToken(change.Position, invalidate).ToBson() },
            { "operationType", operation },
            { "clusterTime", Timestamps.ToBson(change.Timestamp) },
        };
        if (change.Transaction is { } transaction)
        {
            result.Add("txnNumber", transaction.Number).Add("lsid", transaction.SessionId);
        }

        return result;
    }
}
