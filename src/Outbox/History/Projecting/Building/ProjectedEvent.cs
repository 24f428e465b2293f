using Outbox.Messages;

namespace Outbox.History.Projecting.Building;

/// <summary>An event to project.</summary>
/// <param name="Info">Which one.</param>
/// <param name="Content">The event; <see langword="null"/> for one of a type that the projection has no fold for: its version counts all the same.</param>
public sealed record ProjectedEvent(EventInfo Info, object? Content)
{
    /// <summary>Why there is no content, where there should be.</summary>
    public Exception? Unreadable { get; init; }

    /// <summary>What is kept of it, where it comes from the history.</summary>
    public OutboxMessage? Kept { get; init; }
}
