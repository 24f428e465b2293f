using System.Globalization;
using System.Text.Json;
using MongoDB.Bson;

namespace Outbox.Cli.Tests.Importing;

/// <summary>Documents as MassTransit 8.5 and CAP (8 to 10) store them.</summary>
internal static class OldDocuments
{
    /// <summary>A message of MassTransit's bus outbox.</summary>
    public static BsonDocument MassTransit(Guid outboxId, Guid messageId, long sequenceNumber, string orderId = "order-1", GuidRepresentation guids = GuidRepresentation.Standard)
    {
        BsonBinaryData Id(Guid id) => new(id, guids);
        var envelope = new
        {
            messageId,
            conversationId = messageId,
            sourceAddress = "rabbitmq://localhost/shop_bus",
            destinationAddress = "rabbitmq://localhost/Shop:OrderPlaced",
            messageType = new[] { "urn:message:Shop:OrderPlaced" },
            message = new { orderId, text = "fine", version = sequenceNumber },
            sentTime = "2026-11-20T08:00:00Z",
            headers = new { },
            host = new { machineName = "shop-1" },
        };
        return new BsonDocument
        {
            { "_id", ObjectId.GenerateNewId() },
            { "Version", 0 },
            { "EnqueueTime", BsonNull.Value },
            { "SentTime", new DateTime(2026, 11, 20, 8, 0, 0, DateTimeKind.Utc) },
            { "Headers", """{"tenant":"acme","MT-Activity-Id":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}""" },
            { "Properties", "{}" },
            { "InboxMessageId", BsonNull.Value },
            { "InboxConsumerId", BsonNull.Value },
            { "OutboxId", Id(outboxId) },
            { "SequenceNumber", sequenceNumber },
            { "MessageId", Id(messageId) },
            { "ContentType", "application/vnd.masstransit+json" },
            { "MessageType", "urn:message:Shop:OrderPlaced;urn:message:Shop:IOrderEvent" },
            { "Body", JsonSerializer.Serialize(envelope) },
            { "ConversationId", Id(messageId) },
            { "CorrelationId", BsonNull.Value },
            { "InitiatorId", BsonNull.Value },
            { "RequestId", BsonNull.Value },
            { "SourceAddress", "rabbitmq://localhost/shop_bus" },
            { "DestinationAddress", "rabbitmq://localhost/Shop:OrderPlaced" },
            { "ResponseAddress", BsonNull.Value },
            { "FaultAddress", BsonNull.Value },
            { "ExpirationTime", BsonNull.Value },
        };
    }

    /// <summary>The state of an outbox that has messages to deliver.</summary>
    public static BsonDocument MassTransitState(Guid outboxId, GuidRepresentation guids = GuidRepresentation.Standard) => new()
    {
        { "_id", new BsonBinaryData(outboxId, guids) },
        { "LockToken", ObjectId.Empty },
        { "Created", DateTime.UtcNow },
        { "Version", 0 },
        { "Delivered", BsonNull.Value },
        { "LastSequenceNumber", BsonNull.Value },
    };

    /// <summary>A message that a consumer published: its outbox is that of the message that it had consumed.</summary>
    public static BsonDocument MassTransitOfConsumer(Guid consumedId, Guid consumerId, Guid messageId, long sequenceNumber)
    {
        var message = MassTransit(Guid.Empty, messageId, sequenceNumber);
        message["OutboxId"] = BsonNull.Value;
        message["InboxMessageId"] = new BsonBinaryData(consumedId, GuidRepresentation.Standard);
        message["InboxConsumerId"] = new BsonBinaryData(consumerId, GuidRepresentation.Standard);
        return message;
    }

    /// <summary>The state of a message that was consumed and whose outbox has messages to deliver.</summary>
    public static BsonDocument MassTransitInboxState(Guid messageId, Guid consumerId) => new()
    {
        { "_id", ObjectId.GenerateNewId() },
        { "MessageId", new BsonBinaryData(messageId, GuidRepresentation.Standard) },
        { "ConsumerId", new BsonBinaryData(consumerId, GuidRepresentation.Standard) },
        { "LockToken", ObjectId.Empty },
        { "Version", 1 },
        { "Received", DateTime.UtcNow },
        { "ReceiveCount", 1 },
        { "ExpirationTime", BsonNull.Value },
        { "Consumed", DateTime.UtcNow },
        { "Delivered", BsonNull.Value },
        { "LastSequenceNumber", BsonNull.Value },
    };

    /// <summary>A message of CAP's outbox.</summary>
    public static BsonDocument Cap(long id, string name, string status = "Scheduled", TimeSpan? age = null, int retries = 0, DateTime? expiresAt = null, string? key = null)
    {
        var headers = CapHeaders(id, name, "11/20/2026 08:00:00");
        if (key is not null)
        {
            headers["cap-kafka-key"] = key;
        }

        return new BsonDocument
        {
            { "_id", id },
            { "Version", "v1" },
            { "Name", name },
            { "Content", JsonSerializer.Serialize(new { Headers = headers, Value = new { OrderId = $"order-{id}", Text = "fine" } }) },
            { "Added", DateTime.UtcNow - (age ?? TimeSpan.FromMinutes(10)) },
            { "ExpiresAt", expiresAt is { } at ? new BsonDateTime(at) : BsonNull.Value },
            { "Retries", retries },
            { "StatusName", status },
            { "_lockToken", ObjectId.Empty },
        };
    }

    /// <summary>A message that CAP has received: under an id of its own, with the message's in its headers.</summary>
    public static BsonDocument CapReceived(long number, long id, string name, string status = "Scheduled", TimeSpan? age = null, int retries = 0, string text = "fine", string? order = null, string? exception = null, string? dataUri = null)
    {
        var headers = CapHeaders(id, name, "2026-11-20T08:00:00.0000000Z");
        (headers["cap-msg-group"], headers["cap-exec-instance-id"]) = ("shop.v1", "shop-1");
        if (exception is not null)
        {
            headers["cap-exception"] = exception;
        }

        object value = dataUri is null ? new { OrderId = order ?? $"order-{id}", Text = text } : dataUri;
        return new BsonDocument
        {
            { "_id", number },
            { "Version", "v1" },
            { "Group", "shop.v1" },
            { "Name", name },
            { "Content", JsonSerializer.Serialize(new { Headers = headers, Value = value }) },
            { "Added", DateTime.UtcNow - (age ?? TimeSpan.FromMinutes(10)) },
            { "ExpiresAt", status == "Failed" ? new BsonDateTime(DateTime.UtcNow.AddDays(15)) : BsonNull.Value },
            { "Retries", retries },
            { "StatusName", status },
        };
    }

    /// <summary>CAP's lock of its retries, as it is made at the start.</summary>
    public static BsonDocument CapLock(string retries = "publish_retry") => new() { { "_id", $"{retries}_v1" }, { "LastLockTime", DateTime.MinValue } };

    private static Dictionary<string, string?> CapHeaders(long id, string name, string sentTime) => new()
    {
        ["cap-callback-name"] = null,
        ["cap-msg-id"] = id.ToString(CultureInfo.InvariantCulture),
        ["cap-corr-id"] = id.ToString(CultureInfo.InvariantCulture),
        ["cap-corr-seq"] = "0",
        ["cap-msg-name"] = name,
        ["cap-msg-type"] = "OrderPlaced",
        ["cap-senttime"] = sentTime,
        ["tenant"] = "acme",
    };
}
