namespace Outbox.Versioning;

/// <summary>A document whose state knows how new it is.</summary>
public interface IVersioned
{
    /// <summary>The version of the last change that was applied.</summary>
    long Version { get; set; }

    /// <summary>The message that brought it.</summary>
    string? LastMessageId { get; set; }

    /// <summary>When it was applied, by the database server's or the consumer's clock. For people, never for ordering.</summary>
    DateTime? LastUpdated { get; set; }
}
