using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Importing.Pending;
using Outbox.Cli.Importing.Rules;
using Outbox.Inbox;
using Outbox.MongoDb;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.Operations.Errors;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Importing.Destinations;

/// <summary>
/// Our inbox: an endpoint of the service, for which they are parked as messages that a person has asked to have tried again. So the endpoint takes them at once, drops what it has processed already, and parks
/// with its error what fails.
/// </summary>
internal sealed class InboxDestination(OutboxCollections collections, IReadOnlyList<EndpointStatus> endpoints, NameMap names, TimeProvider time) : IImportDestination
{
    /// <summary>They came from no partition of Kafka: their own numbers tell them apart.</summary>
    private const int NoPartition = -1;

    private static readonly ErrorSignature Moved = new("moved", "Moved from another product, and not processed there");

    private readonly ILookup<string, string> _consuming = endpoints.SelectMany(endpoint => endpoint.Topics.Select(topic => (topic, endpoint.Endpoint))).ToLookup(pair => pair.topic, pair => pair.Endpoint, StringComparer.Ordinal);

    public string Name => "the inbox";

    public string? PlaceOf(PendingMessage message) => EndpointOf(message) is { } endpoint ? $"{message.Topic} at {endpoint}" : message.Topic;

    public string TypeOf(PendingMessage message) => message.Type;

    public string? Refuse(PendingMessage message)
    {
        var (topic, consuming) = (message.Topic!, Consuming(message.Topic!));
        return names.FindAny([message.Received!.Group]) switch
        {
            { } said when !consuming.Contains(said) => $"no endpoint '{said}' has consumed topic '{topic}' within a week: start the service first",
            null when consuming.Count == 0 => $"no endpoint has consumed topic '{topic}' within a week: start the service first",
            null when consuming.Count > 1 => $"several endpoints consume topic '{topic}' ({string.Join(", ", consuming)}): --endpoint {message.Received.Group}=…",
            _ => null,
        };
    }

    public Task InsertAsync(IClientSessionHandle session, IReadOnlyList<PendingMessage> messages, CancellationToken cancellationToken) => collections.InboxParked.BulkWriteAsync(
        session,
        messages.Select(message => Parked(message, message.Received!)).Select(parked =>
            new UpdateOneModel<BsonDocument>(ParkedDocument.Identity(parked), ParkedDocument.Update(parked)) { IsUpsert = true }),
        cancellationToken: cancellationToken);

    private ParkedMessage Parked(PendingMessage message, ReceivedRecord record) => new()
    {
        Endpoint = EndpointOf(message)!,
        Topic = message.Topic!,
        Partition = NoPartition,
        Offset = record.Number,
        Key = record.Key,
        Value = record.Value,
        Headers = record.Headers,
        Timestamp = message.SentAt,
        MessageId = message.Id,
        Type = message.Type,
        Reason = ParkReason.Failed,
        Error = record.Error is { } error ? $"The old product could not process it: {error}" : "The old product had not processed it yet.",
        Signature = Moved,
        Attempts = record.Attempts,
        RetryAt = time.GetUtcNow(),
    };

    private string? EndpointOf(PendingMessage message) => names.FindAny([message.Received!.Group]) ?? (Consuming(message.Topic!) is [var only] ? only : null);

    private List<string> Consuming(string topic) => [.. _consuming[topic]];
}
