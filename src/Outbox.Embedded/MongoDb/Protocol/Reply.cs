using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Protocol;

/// An answer: its fields, and a cursor's batch as the bytes that are stored.
internal sealed class Reply(BsonDocument fields)
{
    public BsonDocument Fields { get; } = fields;

    public CursorBatch? Batch { get; init; }

    public static Reply Ok(params BsonElement[] fields) => new(new BsonDocument((IEnumerable<BsonElement>)fields));

    public static Reply Error(MongoError error, IEnumerable<string> labels)
    {
        var fields = new BsonDocument { { "ok", 0d }, { "errmsg", error.Message }, { "code", error.Code }, { "codeName", error.CodeName } };
        var all = error.Labels.Union(labels).ToList();
        if (all.Count > 0)
        {
            fields.Add("errorLabels", new BsonArray(all));
        }

        return new Reply(error.Details is null ? fields : fields.Merge(error.Details));
    }
}

internal sealed record CursorBatch(string Field, long CursorId, string Namespace, IReadOnlyList<byte[]> Documents)
{
    public BsonDocument? ResumeToken { get; init; }
}
