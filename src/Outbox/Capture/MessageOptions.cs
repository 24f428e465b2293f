namespace Outbox.Capture;

/// <summary>Settings of one message.</summary>
public sealed record MessageOptions
{
    /// <summary>The message's unique id.</summary>
    /// <value>The default is a new version 7 UUID.</value>
    public string? MessageId { get; init; }

    /// <summary>Further Kafka headers. Names that the framework writes or reads itself are refused.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The earliest moment of publishing. A delayed message has no order among its entity's other messages, so it is refused on a topic in sequence.</summary>
    /// <value>The default is at once.</value>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>From when on the message is dropped, with an event and a count, instead of published. Refused on a topic in sequence, whose consumers would wait for it.</summary>
    /// <value>The default is never.</value>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The Kafka key, where it must not be the entity id. Messages of one entity with several keys lose their order in Kafka.</summary>
    /// <value>The default is the entity id.</value>
    public string? PartitionKey { get; init; }

    /// <summary>Sends the message through MassTransit's bus to this address, as an answer to a request, instead of to the topic of its type.</summary>
    /// <value>The default is the topic.</value>
    public Uri? ReplyTo { get; init; }

    /// <summary>The conversation that the message belongs to.</summary>
    /// <value>The default is that of the message being consumed, or the message's own id.</value>
    public string? CorrelationId { get; init; }

    /// <summary>The message that caused this one.</summary>
    /// <value>The default is the message being consumed, if any.</value>
    public string? CausationId { get; init; }

    /// <summary>Whether the message is published also when its consumer processes again what it has processed before (<c>context.IsReplay()</c>).</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool PublishOnReplay { get; init; }

    /// <summary>Headers of the framework's own, of which reserved names are not refused.</summary>
    internal IReadOnlyDictionary<string, string>? Carried { get; init; }

    /// <inheritdoc cref="Messages.OutboxMessage.IsFiltered"/>
    internal bool IsFiltered { get; init; }
}
