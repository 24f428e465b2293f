namespace Outbox.Kafka.Inbox.Failing;

/// <summary>The endpoint's kill switch is open: the message waits, whatever became of its last attempt.</summary>
internal sealed class EndpointPausedException(Task restart) : Exception("The endpoint is paused by its kill switch.")
{
    /// <summary>Ends when messages may be tried again.</summary>
    public Task Restart => restart;
}
