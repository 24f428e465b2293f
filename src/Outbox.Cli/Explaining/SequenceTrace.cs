using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary>How far a sequence is, as programs read it.</summary>
internal sealed record SequenceTrace(string Endpoint, string Topic, string EntityType, string EntityId, long Version, bool Waits)
{
    public long? AskedFrom { get; init; }

    public long? AskedTo { get; init; }

    public int Asks { get; init; }

    public DateTimeOffset? AskedAt { get; init; }

    public static SequenceTrace Of(TracedSequence traced) =>
        new(traced.Sequence.Endpoint, traced.Sequence.Topic, traced.Sequence.EntityType, traced.Sequence.EntityId, traced.Version, traced.Waits)
        {
            AskedFrom = traced.Asked?.From,
            AskedTo = traced.Asked?.To,
            Asks = traced.Asks,
            AskedAt = traced.AskedAt,
        };
}
