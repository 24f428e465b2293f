namespace Outbox.Cli.Importing.Pending;

/// <summary>A message of another product's outbox, in words that do not depend on the product.</summary>
/// <param name="Id">Its own id, which it keeps.</param>
/// <param name="Source">What its type, or its name, is called there.</param>
/// <param name="Payload">The message itself as JSON.</param>
internal sealed record PendingMessage(string Id, string Source, string Payload)
{
    /// <summary>Other names that a person may call its type by.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The type's name on the wire, unless it is said otherwise.</summary>
    public required string Type { get; init; }

    /// <summary>The Kafka topic that the old product would have sent it to, if that says so.</summary>
    public string? Topic { get; init; }

    /// <summary>The Kafka key that it was given.</summary>
    public string? Key { get; init; }

    public string? CorrelationId { get; init; }

    public string? CausationId { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The record that it came in, where the old product has consumed it and not written it.</summary>
    public ReceivedRecord? Received { get; init; }

    /// <summary>Headers that travel with it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
