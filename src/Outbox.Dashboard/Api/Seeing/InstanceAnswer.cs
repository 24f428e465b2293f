using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>A process of the service.</summary>
internal sealed record InstanceAnswer(string Name, bool IsAlive, IReadOnlyList<int> Lanes, IReadOnlyList<string> Endpoints)
{
    public DateTimeOffset? RelaySeenAt { get; init; }

    public DateTimeOffset? AliveUntil { get; init; }

    public static InstanceAnswer Of(InstanceStatus instance) =>
        new(instance.Name, instance.IsAlive, instance.Lanes, instance.Endpoints) { RelaySeenAt = instance.RelaySeenAt, AliveUntil = instance.AliveUntil };
}
