namespace Outbox.Operations.Seeing;

/// <summary>A process of the service, as it shows itself in the database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsAlive">Whether it was heard of lately, in any of its parts.</param>
public sealed record InstanceStatus(string Name, bool IsAlive)
{
    /// <summary>The lanes that it publishes.</summary>
    public IReadOnlyList<int> Lanes { get; init; } = [];

    /// <summary>When its relay was seen last, if it has one.</summary>
    public DateTimeOffset? RelaySeenAt { get; init; }

    /// <summary>Until when it counts as alive, as it said itself.</summary>
    public DateTimeOffset? AliveUntil { get; init; }

    /// <summary>What it consumes.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];
}
