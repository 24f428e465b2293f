using Outbox.Messages;

namespace Outbox.History.Storing;

/// <summary>An event as it is stored.</summary>
/// <param name="Message">The message that it was published as, as far as history keeps it: it has no lane, and no format. Whoever captures it again gives it those of today.</param>
/// <param name="IsErased">Whether an erasure has changed it.</param>
public sealed record KeptEvent(OutboxMessage Message, bool IsErased);
