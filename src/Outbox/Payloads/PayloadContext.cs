namespace Outbox.Payloads;

/// <summary>The message whose payload is transformed.</summary>
public sealed class PayloadContext
{
    /// <summary>What the names of transforms' headers begin with.</summary>
    public const string HeaderPrefix = "payload.";

    /// <summary>The topic, as the service names it.</summary>
    public required string Topic { get; init; }

    /// <summary>The message's unique id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The message type's name.</summary>
    public required string Type { get; init; }

    /// <summary>What the entity id names.</summary>
    public required string EntityType { get; init; }

    /// <summary>The entity.</summary>
    public required string EntityId { get; init; }

    /// <summary>The entity's version; 0 where the message has none.</summary>
    public required long Version { get; init; }

    /// <summary>The version of the payload's schema.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The most bytes that a payload may have when all is undone.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>The transforms up to this one, as they were applied: <c>zstd,aes-gcm</c>.</summary>
    public string Encoding { get; internal set; } = "";

    /// <summary>The transforms' headers. Each name begins with <c>payload.</c>.</summary>
    public IDictionary<string, string> Headers { get; internal init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
