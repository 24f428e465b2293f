using MongoDB.Bson;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.Inbox.Parking;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Failures;

namespace Outbox.MongoDb.Inbox.Operations;

/// <summary>What a person sees of a parked or discarded document.</summary>
internal static class ParkedView
{
    public static ParkedInboxMessage Whole(BsonDocument document)
    {
        var message = ParkedDocument.Read(document);
        return new ParkedInboxMessage(document["_id"].AsObjectId.ToString(), message, FailureFields.Time(document, "parkedAt") ?? default, document.GetValue("retry", false).AsBoolean)
        {
            Failure = FailureFields.Read(document),
            Discarded = DiscardFields.Read(document),
            ETag = ETags.Of(document, "value"),
            Payload = ParkedPayload.Of(message),
        };
    }

    public static ParkedSummary Summary(BsonDocument document)
    {
        var error = document["error"].AsString;
        return new ParkedSummary
        {
            Id = document["_id"].AsObjectId.ToString(),
            MessageId = FailureFields.Text(document, "messageId"),
            Topic = document["topic"].AsString,
            Endpoint = document["endpoint"].AsString,
            EntityType = FailureFields.Text(document, "entityType"),
            EntityId = FailureFields.Text(document, "entityId"),
            Version = document.TryGetValue("version", out var version) ? version.ToInt64() : null,
            Type = FailureFields.Text(document, "type"),
            Reason = ParkedDocument.Reason(document["reason"].AsString),
            Error = error.Length > ParkedSummary.MostErrorCharacters ? error[..ParkedSummary.MostErrorCharacters] : error,
            Attempts = document["attempts"].ToInt32(),
            HoldsEntity = document.GetValue("hold", false).AsBoolean || document.GetValue("inSequence", false).AsBoolean,
            RetryRequested = document.GetValue("retry", false).AsBoolean,
            ParkedAt = FailureFields.Time(document, "parkedAt") ?? default,
            Failure = FailureFields.Read(document),
            Discarded = DiscardFields.Read(document),
        };
    }
}
