using System.Globalization;
using MongoDB.Bson;
using Outbox.Operations;

namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>A place among the messages that wait.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Deadline">The deadline of the message.</param>
/// <param name="Id">Its id; <see langword="null"/> is before all.</param>
internal sealed record WaitingPlace(string Endpoint, DateTime Deadline, BsonValue? Id)
{
    public static WaitingPlace First(string endpoint) => new(endpoint, DateTime.UnixEpoch, null);

    public static WaitingPlace Of(BsonDocument message) => new(message["endpoint"].AsString, message["deadline"].ToUniversalTime(), message["_id"]);

    /// <summary>The messages behind it; the first condition on the deadline is the range of the index.</summary>
    public BsonDocument Behind => new BsonDocument { { "endpoint", Endpoint }, { "reason", "gap" }, { "deadline", new BsonDocument("$gte", Deadline) } }.AddRange(Id is null ? [] : new BsonDocument("$or", new BsonArray
    {
        new BsonDocument("deadline", new BsonDocument("$gt", Deadline)), new BsonDocument("_id", new BsonDocument("$gt", Id)),
    }));

    public string Write(string list) => PageCursor.Write(list, Endpoint, Deadline.Ticks.ToString(CultureInfo.InvariantCulture), new BsonDocument("_id", Id).ToJson());

    /// <exception cref="OutboxException">It is a cursor of another list, or none.</exception>
    public static WaitingPlace Read(string cursor, string list)
    {
        var place = PageCursor.Read(cursor, parts: 4);
        return place[0] == list && long.TryParse(place[2], CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            && BsonDocument.TryParse(place[3], out var last) && last.Contains("_id")
            ? new WaitingPlace(place[1], new DateTime(ticks, DateTimeKind.Utc), last["_id"])
            : throw PageCursor.Wrong();
    }
}
