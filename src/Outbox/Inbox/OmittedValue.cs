namespace Outbox.Inbox;

/// <summary>A value that is too large to be stored with its message. It is still on Kafka, at the message's position, as long as the topic keeps it.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256 hash in hexadecimal digits.</param>
public sealed record OmittedValue(long Size, string Sha256);
