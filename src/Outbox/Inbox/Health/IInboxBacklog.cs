namespace Outbox.Inbox.Health;

/// <summary>How much an endpoint has parked.</summary>
public interface IInboxBacklog
{
    /// <summary>Counts the endpoint's messages that failed or could not be read, up to a limit: at a cost that does not grow with what there is.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="limit">The most to count.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<long> CountParkedAsync(string endpoint, int limit, CancellationToken cancellationToken);
}
