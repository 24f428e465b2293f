using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.MongoDb.Documents;
using Outbox.MongoDb.Operations.Failures;
using Outbox.Operations.Failures;
using Outbox.Payloads;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>A parked message: the document that was in the outbox, unchanged, with what a person wants to know beside it.</summary>
internal static class ParkedDocument
{
    /// <summary>What a message that is tried again brings along of its failures.</summary>
    private const string Failure = "failure";

    private static readonly string[] Added = ["error", "attempts", "hold", "parkedAt", "sentAt", Failure, .. FailureFields.Names, .. DiscardFields.Names];

    /// <summary>What is parked, with the server's time.</summary>
    public static UpdateDefinition<BsonDocument> Becomes(BsonDocument stored, ParkedNote note)
    {
        var parked = new BsonDocument(stored.Where(field => field.Name != Failure && !FailureFields.Names.Contains(field.Name)));
        parked["error"] = note.Error;
        parked["attempts"] = note.Attempts;
        parked["hold"] = note.HoldsEntity;
        parked.AddRange(FailureFields.Of(note.Signature));
        parked.AddRange(stored.GetValue(Failure, null) as BsonDocument ?? []);
        return Expressions.Becomes(parked, new BsonDocument
        {
            { "parkedAt", Expressions.Now }, { FailureFields.FirstFailedAt, Expressions.Now, !parked.Contains(FailureFields.FirstFailedAt) },
        });
    }

    /// <summary>What a person sees, also of a document that is no message.</summary>
    public static ParkedOutboxMessage Read(BsonDocument document)
    {
        var stored = BsonSerializer.Deserialize<StoredMessage>(document);
        return new ParkedOutboxMessage(
            stored.Message ?? OutboxMessageDocument.ReadWhatIsThere(document),
            document.GetValue("error", stored.Error ?? "").ToString()!,
            Attempts(document),
            document.GetValue("hold", false).ToBoolean(),
            FailureFields.Time(document, "parkedAt") ?? default)
        {
            Document = stored.Document is null ? null : Bare(document).ToJson(),
            Failure = FailureFields.Read(document),
            Discarded = DiscardFields.Read(document),
            ETag = ETags.Of(document, "payload"),
        };
    }

    public static ParkedSummary Summary(BsonDocument document)
    {
        var stored = BsonSerializer.Deserialize<StoredMessage>(document);
        var message = stored.Message ?? OutboxMessageDocument.ReadWhatIsThere(document);
        var error = document.GetValue("error", stored.Error ?? "").ToString()!;
        return new ParkedSummary
        {
            Id = message.MessageId,
            MessageId = message.MessageId,
            Topic = message.Topic,
            EntityType = message.EntityType,
            EntityId = message.EntityId,
            Version = message.Version,
            Type = message.Type,
            Reason = stored.Message is null ? ParkReason.Unreadable : ParkReason.Failed,
            Error = error.Length > ParkedSummary.MostErrorCharacters ? error[..ParkedSummary.MostErrorCharacters] : error,
            Attempts = Attempts(document),
            HoldsEntity = document.GetValue("hold", false).ToBoolean(),
            ParkedAt = FailureFields.Time(document, "parkedAt") ?? default,
            Failure = FailureFields.Read(document),
            Discarded = DiscardFields.Read(document),
        };
    }

    /// <summary>Gives a message another payload, which has gone through nothing yet.</summary>
    public static void Edit(BsonDocument parked, string payload)
    {
        parked["payload"] = payload;
        parked.Remove("claim");
        if (parked.GetValue("headers", null) is BsonDocument headers)
        {
            parked["headers"] = new BsonDocument(headers.Where(header => !header.Name.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal)));
        }
    }

    /// <summary>What goes back into the outbox, of a message of the history, in the lane that its entity has now.</summary>
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

    /// <summary>What goes back into the outbox of a parked message, with what is known of its failures, in case it fails again.</summary>
    public static UpdateDefinition<BsonDocument> Retried(BsonDocument parked, int lanes, string? operationId)
    {
        var failure = new BsonDocument
        {
            { FailureFields.FirstFailedAt, parked.GetValue(FailureFields.FirstFailedAt, parked.GetValue("parkedAt", BsonNull.Value)) },
            { FailureFields.Retries, FailureFields.Read(parked).Retries + 1 },
            { FailureFields.OperationId, operationId, operationId is not null },
        };
        var computed = Expressions.Op("$mergeObjects", Expressions.Literal(failure), new BsonDocument(FailureFields.LastRetriedAt, Expressions.Now));
        return Expressions.Becomes(Stored(parked, lanes), new BsonDocument(Failure, computed));
    }

    /// <summary>What is kept of a message that is given up, with the server's time.</summary>
    public static UpdateDefinition<BsonDocument> Discarded(BsonDocument parked, BsonDocument note)
    {
        var discarded = new BsonDocument(parked).Merge(note);
        var holds = parked.GetValue("hold", false) == true && parked.GetValue("entityId", null) is BsonString;
        discarded.Add(DiscardFields.Passed, false, holds);
        return Expressions.Becomes(discarded, new BsonDocument(DiscardFields.At, Expressions.Now));
    }

    /// <summary>What is parked of a discarded message.</summary>
    public static BsonDocument Restored(BsonDocument discarded, int lanes)
    {
        var restored = new BsonDocument(discarded.Where(field => !DiscardFields.Names.Contains(field.Name)));
        var lane = Stored(discarded, lanes).GetValue("lane", null);
        return lane is null ? restored : restored.Set("lane", lane);
    }

    private static int Attempts(BsonDocument document) => document.GetValue("attempts", 0) is { IsNumeric: true } attempts ? attempts.ToInt32() : 0;

    private static BsonDocument Bare(BsonDocument document) => new(document.Where(field => !Added.Contains(field.Name)));
}
