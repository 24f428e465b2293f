using Outbox.Kafka.Formats;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>A message as far as this endpoint is concerned with it.</summary>
/// <param name="Type">The message type's name.</param>
/// <param name="Envelope">What travels beside the message.</param>
/// <param name="Content">The message; <see langword="null"/> when the endpoint does not handle its type.</param>
internal sealed record DecodedMessage(string Type, Envelope? Envelope, object? Content)
{
    public static DecodedMessage NotHandled(string type) => new(type, null, null);
}
