using MongoDB.Bson;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.Operations.Pausing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Pausing;

/// <summary>A pause as a document of <c>outbox.pauses</c>: one for each target, which stays for a while after its end.</summary>
internal static class PauseDocument
{
    public static readonly BsonDocument Index = new("until", 1);

    /// <summary>How much of it is left, by the server's clock.</summary>
    public static readonly BsonDocument Remaining = new("$set", new BsonDocument("remaining", Op("$subtract", "$until", Now)));

    public static BsonDocument Id(PauseTarget target) => new("_id", $"{KindName(target.Kind)}/{target.Name}");

    /// <summary>What is set. One that has not ended goes on; so it was paused since then, whoever says so now.</summary>
    public static BsonDocument Set(PauseRequest request)
    {
        BsonValue until = request.Until is { } end ? new BsonDateTime(end.UtcDateTime) : In(request.For ?? PauseRequest.Usual);
        return new BsonDocument("$set", new BsonDocument
        {
            { "kind", KindName(request.Target.Kind) },
            { "name", Literal(request.Target.Name) },
            { "since", Op("$cond", Op("$gt", "$until", Now), "$since", Now) },
            { "until", until },
            { "at", Now },
            { "by", Literal(AuditDocument.Of(request.By)) },
            { "reason", Literal(request.Reason) },
        });
    }

    public static Pause Read(BsonDocument document) => new(
        PauseTarget.Of(KindOf(document["kind"].AsString), document["name"].AsString),
        Time(document["since"]),
        Time(document["until"]),
        AuditDocument.ReadActor(document["by"].AsBsonDocument),
        document["reason"].AsString)
    {
        Remaining = TimeSpan.FromMilliseconds(document.GetValue("remaining", 0).ToDouble()),
    };

    public static DateTimeOffset Time(BsonValue time) => new(time.ToUniversalTime());

    private static BsonDocument Literal(BsonValue value) => new("$literal", value);

    private static string KindName(PauseKind kind) => kind switch
    {
        PauseKind.Relay => "relay",
        PauseKind.Topic => "topic",
        _ => "endpoint",
    };

    private static PauseKind KindOf(string name) => name switch
    {
        "relay" => PauseKind.Relay,
        "topic" => PauseKind.Topic,
        _ => PauseKind.Endpoint,
    };
}
