namespace Outbox.Kafka;

/// <summary>How one type of request is asked, where that differs from <see cref="RequestOptions"/>.</summary>
public sealed class RequestClientOptions
{
    /// <summary>How long an asker waits for an answer, unless the call says otherwise.</summary>
    /// <value>The default is <see cref="RequestOptions.Timeout"/>.</value>
    [Between("00:00:00.010", "01:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How many requests of the type may wait for their answers in this process; the next one fails at once.</summary>
    /// <value>The default is <see cref="RequestOptions.MaxPending"/>.</value>
    [Between(1, 100_000)]
    public int? MaxPending { get; set; }
}
