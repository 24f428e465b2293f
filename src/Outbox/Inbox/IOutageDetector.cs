namespace Outbox.Inbox;

/// <summary>
/// Tells the failure of what every message needs (the database is unreachable) from a message that cannot be processed. After an outage the same message
/// is tried again, later and later; it is never parked for it. Stores register theirs; all that are registered are asked.
/// </summary>
public interface IOutageDetector
{
    /// <summary>Whether this error, without its inner ones, is an outage.</summary>
    bool IsOutage(Exception error);
}
