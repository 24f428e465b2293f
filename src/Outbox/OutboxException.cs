namespace Outbox;

/// <summary>Something that the framework refuses to do; the message says what, and what to do about it.</summary>
public class OutboxException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OutboxException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
