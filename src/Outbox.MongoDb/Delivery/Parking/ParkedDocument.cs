using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>A parked message: the document that was in the outbox, unchanged, with what a person wants to know beside it.</summary>
internal static class ParkedDocument
{
    private static readonly string[] Added = ["error", "attempts", "hold", "parkedAt", "sentAt"];

    public static BsonDocument Of(BsonDocument stored, ParkedNote note, DateTime parkedAt)
    {
        var parked = new BsonDocument(stored);
        parked["error"] = note.Error;
        parked["attempts"] = note.Attempts;
        parked["hold"] = note.HoldsEntity;
        parked["parkedAt"] = parkedAt;
        return parked;
    }

    /// <summary>What a person sees, also of a document that is no message.</summary>
    public static ParkedOutboxMessage Read(BsonDocument document)
    {
        var stored = BsonSerializer.Deserialize<StoredMessage>(document);
        return new ParkedOutboxMessage(
            stored.Message ?? OutboxMessageDocument.ReadWhatIsThere(document),
            document.GetValue("error", stored.Error ?? "").ToString()!,
            document.GetValue("attempts", 0).ToInt32(),
            document.GetValue("hold", false).ToBoolean(),
            document.GetValue("parkedAt", null) is BsonDateTime parkedAt ? new DateTimeOffset(parkedAt.ToUniversalTime()) : default)
        {
            Document = stored.Document is null ? null : Bare(document).ToJson(),
        };
    }

    /// <summary>What goes back into the outbox, of a parked message or of one of the history, in the lane that its entity has now.</summary>
    public static BsonDocument Stored(BsonDocument document, int lanes)
    {
        var stored = Bare(document);
        if (stored.GetValue("entityId", null) is BsonString entityId)
        {
            var lane = Lane.Of(entityId.Value, lanes);
            stored["lane"] = stored.Contains("notBefore") ? Lane.Delayed(lane) : lane;
        }

        return stored;
    }

    private static BsonDocument Bare(BsonDocument document) => new(document.Where(field => !Added.Contains(field.Name)));
}
