using Outbox.Operations.Auditing;
using Outbox.Operations.Pausing;

namespace Outbox.Operations.Explaining.Facts;

/// <summary>All that a store knows of a message or an entity.</summary>
/// <param name="Subject">What was asked for, for a person.</param>
/// <param name="Now">The store's time.</param>
internal sealed record ExplainFacts(string Subject, DateTimeOffset Now)
{
    /// <summary>The message, if one was asked for.</summary>
    public string? MessageId { get; init; }

    /// <summary>Of the entity, in its order; delayed ones last.</summary>
    public IReadOnlyList<TracedMessage> Pending { get; init; } = [];

    /// <summary>How many messages are read before the entity's in its lane, up to <see cref="MostBefore"/>.</summary>
    public long Before { get; init; }

    /// <summary>The most that are counted.</summary>
    public const int MostBefore = 10_000;

    public IReadOnlyList<TracedMessage> Parked { get; init; } = [];

    public IReadOnlyList<TracedMessage> Sent { get; init; } = [];

    public IReadOnlyList<TracedMessage> InboxParked { get; init; } = [];

    public IReadOnlyList<TracedMessage> Processed { get; init; } = [];

    public IReadOnlyList<TracedSequence> Sequences { get; init; } = [];

    /// <summary>The versions that were counted last, by topic.</summary>
    public IReadOnlyList<(string Topic, long Version)> Counted { get; init; } = [];

    /// <summary>What people did with it, the latest first.</summary>
    public IReadOnlyList<AuditEntry> Acts { get; init; } = [];

    public IReadOnlyList<Pause> Pauses { get; init; } = [];

    /// <summary>Who relays it; <see langword="null"/> when nothing of it is pending.</summary>
    public LaneFacts? Lane { get; init; }

    /// <summary>The endpoints that have to do with it; all, when nobody knows which have.</summary>
    public IReadOnlyList<EndpointFacts> Endpoints { get; init; } = [];

    public bool IsEmpty => IsGone && Acts.Count == 0;

    /// <summary>Whether nothing of it is left but what people did with it.</summary>
    public bool IsGone => Pending.Count + Parked.Count + Sent.Count + InboxParked.Count + Processed.Count + Sequences.Count + Counted.Count == 0;
}
