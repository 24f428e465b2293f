using Outbox.Messages;

namespace Outbox.Operations.Explaining;

/// <summary>What there is of a message in one place, without its payload.</summary>
/// <param name="MessageId">The message; empty where it has no id that can be read.</param>
/// <param name="Entity">Its entity; parts that are not known are empty.</param>
/// <param name="Type">Its type.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Version">Its version, where it is known.</param>
/// <param name="At">When it came there: captured, parked, sent or processed.</param>
public sealed record TracedMessage(string MessageId, Entity Entity, string Type, string Topic, long? Version, DateTimeOffset At)
{
    /// <summary>The endpoint: its group. On the outbox's side there is none.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The lane that it is published in.</summary>
    public int? Lane { get; init; }

    /// <summary>When it may be published, if it is delayed.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What became of it: <c>failed</c>, <c>gap</c>, <c>held</c>, <c>unreadable</c>, <c>processed</c>, <c>discarded</c> and so on.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why it is parked.</summary>
    public string? Error { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether its entity's later messages wait for it, where it is parked.</summary>
    public bool HoldsEntity { get; init; }

    /// <summary>Whether its endpoint is about to try it again.</summary>
    public bool RetryRequested { get; init; }

    /// <summary>Until when it waits for its predecessor, if not for ever.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What to call it in <see cref="Inbox.Operations.IInboxOperations"/>, where it is parked there.</summary>
    public string? ParkedId { get; init; }
}
