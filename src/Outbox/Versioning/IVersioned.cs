namespace Outbox.Versioning;

/// <summary>A document whose state knows how new it is.</summary>
public interface IVersioned
{
    /// <summary>The version of the last change that was applied.</summary>
    long Version { get; set; }

    /// <summary>The message that brought it.</summary>
    string? LastMessageId { get; set; }

    /// <summary>Its timestamp, as its producer captured it. It decides only where the type is ordered by <see cref="MessageOrdering.NewestTimestamp"/>.</summary>
    DateTime? LastUpdated { get; set; }
}
