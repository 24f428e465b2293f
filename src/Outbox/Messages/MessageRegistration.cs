using System.Text.Json;
using Outbox.Versioning;

namespace Outbox.Messages;

/// <summary>How messages of one CLR type travel.</summary>
/// <param name="ClrType">The type that user code publishes and consumes.</param>
/// <param name="Type">The stable name on the wire, for example <c>order-placed</c>.</param>
/// <param name="Topic">The Kafka topic.</param>
/// <param name="Intent">Event or command.</param>
/// <param name="EntityType">What the entity id names.</param>
/// <param name="Json">How the payload is written and read.</param>
public sealed record MessageRegistration(
    Type ClrType, string Type, string Topic, MessageIntent Intent, string EntityType, JsonSerializerOptions Json)
{
    /// <summary>How consumers meet duplicates and disorder.</summary>
    public MessageOrdering Ordering { get; init; }
}
