using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>One consumer of the service, with all of its instances.</summary>
internal sealed record EndpointAnswer(string Endpoint, int Instances, IReadOnlyList<string> Topics, int Partitions)
{
    public bool IsReadModel { get; init; }

    public long? Lag { get; init; }

    public DateTimeOffset? LastConsumedAt { get; init; }

    public required IReadOnlyList<Fault> Faults { get; init; }

    public required long Failed { get; init; }

    public required long Unreadable { get; init; }

    public required long Waiting { get; init; }

    public required long OverdueGaps { get; init; }

    public static EndpointAnswer Of(EndpointStatus status) => new(status.Endpoint, status.Instances, status.Topics, status.Partitions)
    {
        IsReadModel = status.IsReadModel,
        Lag = status.Lag,
        LastConsumedAt = status.LastConsumedAt,
        Faults = [.. status.Faults.Select(fault => new Fault(fault.Reason, fault.Since))],
        Failed = status.Failed,
        Unreadable = status.Unreadable,
        Waiting = status.Waiting,
        OverdueGaps = status.OverdueGaps,
    };

    /// <summary>What keeps it from consuming.</summary>
    internal sealed record Fault(string Reason, DateTimeOffset Since);
}
