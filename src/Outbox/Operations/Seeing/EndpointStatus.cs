namespace Outbox.Operations.Seeing;

/// <summary>One consumer of the service, with all of its instances. Counts go up to <see cref="IOutboxOverview.MostCounted"/>.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Instances">How many instances live.</param>
public sealed record EndpointStatus(string Endpoint, int Instances)
{
    /// <summary>The topics, or patterns of topics, that it consumes, as the brokers know them.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Whether it is a read model's build, whose instances do not show themselves here: the service's health and metrics say how it is.</summary>
    public bool IsReadModel { get; init; }

    /// <summary>How many partitions its instances have.</summary>
    public int Partitions { get; init; }

    /// <summary>How many messages of those partitions are not done; <see langword="null"/> while no instance knows.</summary>
    public long? Lag { get; init; }

    /// <summary>When a message came to its end last, or nothing was left to do.</summary>
    public DateTimeOffset? LastConsumedAt { get; init; }

    /// <summary>What keeps it from consuming, as its instances say.</summary>
    public IReadOnlyList<EndpointFault> Faults { get; init; } = [];

    /// <summary>How many messages failed and wait for a person.</summary>
    public long Failed { get; init; }

    /// <summary>How many could not be read and wait for a person.</summary>
    public long Unreadable { get; init; }

    /// <summary>How many wait for an earlier version, or behind one that failed.</summary>
    public long Waiting { get; init; }

    /// <summary>How many wait for an earlier version though their deadline is over.</summary>
    public long OverdueGaps { get; init; }

    /// <summary>How many messages each instance has come to the end of; instances of an earlier version do not say.</summary>
    public IReadOnlyList<RunningTotal> Consumed { get; init; } = [];
}

/// <summary>What keeps an endpoint from consuming, as it says itself.</summary>
/// <param name="Reason">What it is.</param>
/// <param name="Since">Since when.</param>
public sealed record EndpointFault(string Reason, DateTimeOffset Since);
