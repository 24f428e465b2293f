namespace Outbox;

/// <summary>The configuration would break a guarantee or cannot work; thrown at start.</summary>
public sealed class OutboxConfigurationException : OutboxException
{
    /// <summary>Creates the exception.</summary>
    public OutboxConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
