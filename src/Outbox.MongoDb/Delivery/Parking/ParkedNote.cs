using MongoDB.Bson;
using Outbox.Messages;
using Outbox.Operations.Errors;

namespace Outbox.MongoDb.Delivery.Parking;

/// <summary>Why a message is parked.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Error">Why it could not be published.</param>
/// <param name="Attempts">How often the broker answered with an error.</param>
/// <param name="HoldsEntity">Whether its entity's later messages wait for it.</param>
internal sealed record ParkedNote(BsonValue MessageId, string Error, int Attempts, bool HoldsEntity)
{
    /// <summary>What the error has in common with others of the same cause.</summary>
    public ErrorSignature Signature { get; init; } = ErrorSignature.Of(Error);

    /// <summary>Its entity, where known.</summary>
    public Entity? Entity { get; init; }
}
