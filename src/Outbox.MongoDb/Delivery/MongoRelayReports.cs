using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Delivery.Reporting;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Delivery;

/// <summary>What a relay has found, in its document of <c>outbox.relays</c>. What it says has lasted for a while becomes a time of the server's.</summary>
internal sealed class MongoRelayReports(OutboxCollections collections) : IRelayReports
{
    private const int LongestReason = 1_000;

    /// <summary>It is worth no majority, as the sign of life beside it.</summary>
    private readonly IMongoCollection<BsonDocument> _relays = collections.Relays.WithWriteConcern(WriteConcern.W1);

    /// <inheritdoc/>
    public Task WriteAsync(string owner, RelayReport report, CancellationToken cancellationToken) => _relays.UpdateOneAsync(
        new BsonDocument("_id", owner),
        Builders<BsonDocument>.Update.Pipeline(new BsonDocument[]
        {
            new("$set", new BsonDocument
            {
                { "places", new BsonArray(report.Places.Select(Of)) },
                { "failures", new BsonArray(report.Failures.Select(Of)) },
            }),
        }),
        cancellationToken: cancellationToken);

    private static BsonDocument Of(ReportedPlace place) => new()
    {
        { "topic", Literal(place.Place.Topic) },
        { "partition", place.Place.Partition is { } partition ? partition : BsonNull.Value },
        { "reason", Literal(place.Reason) },
        { "since", Ago(place.For) },
    };

    private static BsonDocument Of(ReportedFailure failure) => new()
    {
        { "entityType", Literal(failure.Entity.Type) },
        { "entityId", Literal(failure.Entity.Id) },
        { "messageId", Literal(failure.MessageId) },
        { "failures", failure.Failures },
        { "error", Literal(failure.Error) },
        { "since", Ago(failure.For) },
    };

    private static BsonDocument Literal(string? text) => new("$literal", text is null ? BsonNull.Value : text.Length <= LongestReason ? text : text[..LongestReason]);
}
