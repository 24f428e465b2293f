namespace Outbox.Operations.Explaining.Facts;

/// <summary>How an endpoint is, by what its instances wrote down.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Topic">The topic, or the pattern of topics, as the brokers know it.</param>
/// <param name="Instances">How many instances of it run.</param>
/// <param name="SeenAt">When one was heard of last.</param>
internal sealed record EndpointFacts(string Endpoint, string Topic, int Instances, DateTimeOffset SeenAt)
{
    public int Partitions { get; init; }

    /// <summary>How many messages are left to do, as far as that is known.</summary>
    public long? Lag { get; init; }

    /// <summary>When a message came to its end last.</summary>
    public DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>What keeps instances from consuming.</summary>
    public IReadOnlyList<(string Reason, DateTimeOffset Since)> Faults { get; init; } = [];

    /// <summary>The replay, or the snapshot, for which it does not consume, and how far that is.</summary>
    public string? Replay { get; init; }
}
