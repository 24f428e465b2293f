namespace Outbox.Capture;

/// <summary>Settings of one message.</summary>
public sealed record MessageOptions
{
    /// <summary>The message's unique id.</summary>
    /// <value>The default is a new version 7 UUID.</value>
    public string? MessageId { get; init; }

    /// <summary>Further Kafka headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The conversation that the message belongs to.</summary>
    /// <value>The default is that of the message being consumed, or the message's own id.</value>
    public string? CorrelationId { get; init; }

    /// <summary>The message that caused this one.</summary>
    /// <value>The default is the message being consumed, if any.</value>
    public string? CausationId { get; init; }
}
