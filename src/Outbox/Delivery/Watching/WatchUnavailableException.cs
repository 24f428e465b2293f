namespace Outbox.Delivery.Watching;

/// <summary>The server cannot tell of changes, now or ever.</summary>
public sealed class WatchUnavailableException : OutboxException
{
    /// <summary>Creates the exception.</summary>
    public WatchUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
