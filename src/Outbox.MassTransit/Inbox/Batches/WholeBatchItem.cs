using MassTransit;

namespace Outbox.Inbox.Batches;

/// <summary>A message of a <see cref="WholeBatch"/>.</summary>
/// <param name="context">The message's own context.</param>
/// <param name="message">The message.</param>
/// <param name="attempts">What came of it.</param>
public sealed class WholeBatchItem(ConsumeContext context, object message, InboxAttempts attempts)
{
    /// <summary>The message's own context.</summary>
    public ConsumeContext Context => context;

    /// <summary>The message.</summary>
    public object Message => message;

    /// <summary>What came of it; without an outcome it is not done.</summary>
    public InboxAttempts Attempts => attempts;

    /// <summary>Why it failed, alone, when it was tried last. Without an outcome and an error, it waits for another of its entity that failed.</summary>
    public Exception? Error { get; internal set; }
}
