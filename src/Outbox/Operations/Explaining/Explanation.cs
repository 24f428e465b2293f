namespace Outbox.Operations.Explaining;

/// <summary>Why something is stuck, or that it is not.</summary>
/// <param name="Subject">What was asked for, for a person: <c>message 4711</c>, <c>entity order/42</c>.</param>
/// <param name="Findings">What was found, what keeps it back first; never empty.</param>
public sealed record Explanation(string Subject, IReadOnlyList<Finding> Findings)
{
    /// <summary>The most messages of each list.</summary>
    public const int MostMessages = 20;

    /// <summary>Whether something keeps it back until somebody acts.</summary>
    public bool IsStuck => Findings.Any(finding => finding.Kind == FindingKind.Stuck);

    /// <summary>Whether there is any trace of it.</summary>
    public bool IsFound => !Findings.Any(finding => finding.Code == FindingCodes.NoTrace);

    /// <summary>What waits to be published, in its order: the first 20.</summary>
    public IReadOnlyList<TracedMessage> Pending { get; init; } = [];

    /// <summary>What could not be published: the first 20 in their order.</summary>
    public IReadOnlyList<TracedMessage> Parked { get; init; } = [];

    /// <summary>What was published, as far as it is kept (<see cref="OutboxOptions.KeepSentFor"/>): the last of an entity's, or the message.</summary>
    public IReadOnlyList<TracedMessage> Sent { get; init; } = [];

    /// <summary>What was consumed and could not be processed, or waits: the first 20 of each endpoint and topic, in their order.</summary>
    public IReadOnlyList<TracedMessage> InboxParked { get; init; } = [];

    /// <summary>What endpoints have processed of it, as far as they remember (<see cref="OutboxOptions.DuplicateDetectionWindow"/>).</summary>
    public IReadOnlyList<TracedMessage> Processed { get; init; } = [];

    /// <summary>How far its sequences are.</summary>
    public IReadOnlyList<TracedSequence> Sequences { get; init; } = [];
}
