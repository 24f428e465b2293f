using Outbox.Capture;

namespace Outbox.Inbox;

/// <summary>Processes each message once for each endpoint.</summary>
public interface IInbox
{
    /// <summary>
    /// Runs <paramref name="handler"/> in a transaction with the record that this message was processed, and with the messages that the handler
    /// publishes. If the record is there already, or another instance commits it first, the handler's effects do not happen.
    /// </summary>
    /// <remarks>The handler may run again after a transient database error, with nothing left of its earlier attempt.</remarks>
    Task<InboxOutcome> ExecuteAsync(
        InboxRecord record, Func<IOutboxTransaction, CancellationToken, Task> handler, CancellationToken cancellationToken);
}
