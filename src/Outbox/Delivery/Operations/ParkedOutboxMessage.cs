using Outbox.Messages;

namespace Outbox.Delivery.Operations;

/// <summary>A message that could not be published.</summary>
/// <param name="Message">The message, whole.</param>
/// <param name="Error">Why not.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="HoldsEntity">Whether its entity's later messages wait for it.</param>
/// <param name="ParkedAt">Since when.</param>
public sealed record ParkedOutboxMessage(OutboxMessage Message, string Error, int Attempts, bool HoldsEntity, DateTimeOffset ParkedAt);
