namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>How long to wait before something is tried again: longer each time.</summary>
internal sealed class RetryWaits(OutboxOptions options, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan After(int failures)
    {
        var doubled = options.RetryDelay * Math.Pow(2, Math.Min(failures, 30));
        return doubled < options.MaxRetryDelay ? doubled : options.MaxRetryDelay;
    }

    /// <summary>Ends early, and without an error, when it is cancelled.</summary>
    public async Task WaitAsync(int failures, CancellationToken cancellationToken) =>
        await Task.Delay(After(failures), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
