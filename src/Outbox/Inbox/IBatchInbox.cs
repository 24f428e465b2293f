using Outbox.Capture;

namespace Outbox.Inbox;

/// <summary>Processes several messages of an endpoint in one transaction, each of them once.</summary>
public interface IBatchInbox
{
    /// <summary>
    /// Runs <paramref name="handler"/> in one transaction with the records of those messages that were not processed before, and with what the handler publishes.
    /// The handler is given their indexes; it does not run if there are none.
    /// </summary>
    /// <remarks>The handler may run again after a transient database error, with nothing left of its earlier attempt.</remarks>
    /// <returns>For each record, whether it was processed now or is a duplicate.</returns>
    Task<IReadOnlyList<InboxOutcome>> ExecuteAsync(
        IReadOnlyList<InboxRecord> records,
        Func<IOutboxTransaction, IReadOnlyList<int>, CancellationToken, Task> handler,
        CancellationToken cancellationToken);
}
