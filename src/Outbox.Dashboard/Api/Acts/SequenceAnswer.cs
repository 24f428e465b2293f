using Outbox.Operations.Explaining;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Acts;

/// <summary>How far an entity's versions have come on an endpoint.</summary>
/// <param name="Endpoint">The endpoint: its group.</param>
/// <param name="Topic">The topic that the versions come from.</param>
/// <param name="EntityType">The entity's type; empty where nobody says.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="Version">The version that was processed last, or given up.</param>
/// <param name="Waits">Whether later ones wait for the next.</param>
/// <param name="Asks">How often the owner was asked for the missing versions.</param>
internal sealed record SequenceAnswer(string Endpoint, string Topic, string EntityType, string EntityId, long Version, bool Waits, int Asks)
{
    public long? FirstWaiting { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public DateTimeOffset? AskedAt { get; init; }

    public static SequenceAnswer Of(WaitingSequence waiting) =>
        new(waiting.Sequence.Endpoint, waiting.Sequence.Topic, waiting.Sequence.EntityType, waiting.Sequence.EntityId, waiting.Version, Waits: true, waiting.Asks)
        {
            FirstWaiting = waiting.FirstWaiting,
            Since = waiting.Since,
            Deadline = waiting.Deadline,
            AskedAt = waiting.AskedAt,
        };

    public static SequenceAnswer Of(TracedSequence traced) =>
        new(traced.Sequence.Endpoint, traced.Sequence.Topic, traced.Sequence.EntityType, traced.Sequence.EntityId, traced.Version, traced.Waits, traced.Asks)
        {
            FirstWaiting = traced.FirstWaiting,
            Since = traced.WaitsSince,
            Deadline = traced.Deadline,
            AskedAt = traced.AskedAt,
        };
}
