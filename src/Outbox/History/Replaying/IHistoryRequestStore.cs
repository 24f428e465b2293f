using Outbox.Messages;

namespace Outbox.History.Replaying;

/// <summary>Keeps what histories this service has asked for. For transports.</summary>
public interface IHistoryRequestStore
{
    /// <summary>Notes a request, and captures the command, in one transaction.</summary>
    Task AddAsync(HistoryRequest request, OutboxMessage command, CancellationToken cancellationToken);

    /// <summary>Notes that the rest is not wanted, and captures the command, in one transaction.</summary>
    Task CancelAsync(HistoryRequest request, OutboxMessage command, CancellationToken cancellationToken);

    /// <summary>Notes what the owner says of a request; nothing if it is not the last one, or has ended.</summary>
    /// <returns>Whether it was noted.</returns>
    Task<bool> NoteAsync(HistoryReplayed said, CancellationToken cancellationToken);

    /// <summary>The last request for a topic.</summary>
    Task<HistoryRequest?> FindAsync(string into, CancellationToken cancellationToken);
}
