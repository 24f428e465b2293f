namespace Outbox.Inbox.Failing;

/// <summary>
/// Tells the failure of what every message needs (the database is unreachable) from a message that cannot be processed. After an outage the same message
/// is tried again, later and later; it is never parked for it. Stores register theirs; all that are registered are asked.
/// </summary>
public interface IOutageDetector
{
    /// <summary>Whether this error, without its inner ones, looks like an outage.</summary>
    bool IsOutage(Exception error);

    /// <summary>
    /// Asks, after such an error, whether messages could be processed now. If so, the error was one message's own, which is tried a few times more and then parked. One that
    /// cannot ask says no.
    /// </summary>
    /// <param name="cancellationToken">Cancels the question.</param>
    Task<bool> IsOverAsync(CancellationToken cancellationToken) => Task.FromResult(false);
}
