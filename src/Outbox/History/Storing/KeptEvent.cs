using Outbox.Messages;

namespace Outbox.History.Storing;

/// <summary>An event as it is stored: the message that it was published as, as far as history keeps it. Its lane and format are those of today's settings.</summary>
/// <param name="Message">The message.</param>
/// <param name="IsErased">Whether an erasure has changed it.</param>
public sealed record KeptEvent(OutboxMessage Message, bool IsErased);
