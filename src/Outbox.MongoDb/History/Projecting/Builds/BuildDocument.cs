using MongoDB.Bson;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Registration;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>
/// The documents of <c>projections</c>. Each read model has one, <c>{ _id: "order-list", active: "order-list.v2" }</c>, and each build of it another,
/// <c>{ _id: "order-list.v2", projection, version, run, state, … }</c>, which is never deleted: its name is a Kafka group's, whose offsets are still there.
/// </summary>
internal static class BuildDocument
{
    public static BsonDocument Of(ProjectionRegistration registration, int run, string topic, string reason) => new()
    {
        { "_id", ProjectionBuild.IdOf(registration.Name, registration.Version, run) },
        { "projection", registration.Name },
        { "version", registration.Version },
        { "run", run },
        { "topic", topic },
        { "from", registration.From == RebuildFrom.History ? "history" : "kafka" },
        { "inline", registration.Inline },
        { "reason", reason },
        { "state", StateName(ProjectionState.Building) },
        { "scanned", registration.From != RebuildFrom.History },
        { "read", 0L },
        { "total", 0L },
    };

    public static ProjectionBuild Read(BsonDocument document, ProjectionRegistration registration, BsonValue? active) =>
        new(document["_id"].AsString, registration, StateOf(document))
        {
            Run = document["run"].ToInt32(),
            IsActive = active == document["_id"],
            IsScanned = document["scanned"].AsBoolean,
        };

    public static ProjectionStatus Status(BsonDocument document, BsonValue? active) =>
        new(document["projection"].AsString, document["version"].ToInt32(), document["_id"].AsString, StateOf(document), active == document["_id"])
        {
            Read = document["read"].ToInt64(),
            Total = document["total"].ToInt64(),
            IsScanned = document["scanned"].AsBoolean,
            UpdatedAt = document.TryGetValue("updatedAt", out var at) ? new DateTimeOffset(at.ToUniversalTime()) : default,
        };

    public static ProjectionState StateOf(BsonDocument document) => document["state"].AsString switch
    {
        "building" => ProjectionState.Building,
        "caughtUp" => ProjectionState.CaughtUp,
        _ => ProjectionState.Retired,
    };

    public static string StateName(ProjectionState state) => state switch
    {
        ProjectionState.Building => "building",
        ProjectionState.CaughtUp => "caughtUp",
        _ => "retired",
    };

    public static BsonDocument ById(string build) => new("_id", build);

    /// <summary>Sets fields, and says when.</summary>
    public static BsonDocument[] Set(BsonDocument fields) => [new("$set", new BsonDocument(fields).Add("updatedAt", Now))];
}
