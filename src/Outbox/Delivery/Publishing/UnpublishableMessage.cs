using Outbox.Messages;
using Outbox.Operations.Errors;

namespace Outbox.Delivery.Publishing;

/// <summary>A message that the relay gave up on.</summary>
/// <param name="Message">The message, whole.</param>
/// <param name="Error">Why it could not be published.</param>
/// <param name="Attempts">How often the broker answered with an error.</param>
/// <param name="HoldsEntity">Whether its entity's later messages wait for it.</param>
public sealed record UnpublishableMessage(OutboxMessage Message, string Error, int Attempts, bool HoldsEntity)
{
    /// <summary>What its error has in common with others of the same cause.</summary>
    /// <value>The default is that of the text.</value>
    public ErrorSignature Signature { get; init; } = ErrorSignature.Of(Error);
}
