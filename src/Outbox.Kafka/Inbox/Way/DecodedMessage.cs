using Outbox.Kafka.Formats.Wire;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>A message as far as this endpoint is concerned with it.</summary>
/// <param name="Type">The message type's name.</param>
/// <param name="Envelope">What travels beside the message; of a type that the endpoint does not handle, only where its version has a place in a sequence.</param>
/// <param name="Content">The message; <see langword="null"/> when the endpoint does not handle its type.</param>
/// <param name="Ordering">How its type is ordered.</param>
internal sealed record DecodedMessage(string Type, Envelope? Envelope, object? Content, MessageOrdering Ordering)
{
    public static DecodedMessage NotHandled(string type, Envelope? place = null) => new(type, place, null, default);
}
