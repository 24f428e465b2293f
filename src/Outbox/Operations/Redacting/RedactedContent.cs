namespace Outbox.Operations.Redacting;

/// <summary>A payload that is about to be shown.</summary>
/// <param name="Type">The message type's name, where it could be read.</param>
/// <param name="Topic">The topic that the message is for, or came from.</param>
/// <param name="Payload">The payload, as JSON; other text where the message was not JSON.</param>
public sealed record RedactedContent(string? Type, string Topic, string Payload);
