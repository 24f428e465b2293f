using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using Outbox.Delivery;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.MongoDb.Documents;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Parks what is in the outbox and cannot be read as a message.</summary>
internal sealed class UnreadableMessages(ParkingTransaction parking, TopicRegistry topics, ILogger<UnreadableMessages> logger)
{
    /// <summary>How it is to be parked.</summary>
    public ParkedNote Note(StoredMessage stored)
    {
        var document = stored.Document!;
        var hasOrder = stored.Entity is not null && !document.Contains("notBefore");
        var topic = (document.GetValue("topic", null) as BsonString)?.Value ?? "";
        return new ParkedNote(document["_id"], stored.Error!, 1, hasOrder && topics.OnParked(topic) == ParkedPolicy.HoldEntity) { Entity = stored.Entity };
    }

    public async Task ParkAsync(IReadOnlyCollection<ParkedNote> notes, CancellationToken cancellationToken)
    {
        await parking.ParkAsync(notes, cancellationToken).ConfigureAwait(false);
        foreach (var note in notes)
        {
            logger.UnreadableParked(note.MessageId.ToString()!, note.Entity, note.Error);
        }
    }
}
