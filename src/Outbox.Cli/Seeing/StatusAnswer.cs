namespace Outbox.Cli.Seeing;

/// <summary>What <c>status</c> answers, as programs read it. Counts are bounded: what is at its limit is at least so much.</summary>
/// <param name="Database">The database.</param>
/// <param name="At">When it was looked at, by the server's clock.</param>
internal sealed record StatusAnswer(string Database, DateTimeOffset At)
{
    public Health State { get; init; }

    public IReadOnlyList<StatusFinding> Findings { get; init; } = [];

    public long Pending { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public long Parked { get; init; }

    public long InboxParked { get; init; }

    public int Lanes { get; init; }

    public IReadOnlyList<int> LanesWithoutOwner { get; init; } = [];

    public int Relays { get; init; }

    public IReadOnlyList<ClosedPlace> ClosedPlaces { get; init; } = [];

    public IReadOnlyList<EndpointStatus> Endpoints { get; init; } = [];

    public IReadOnlyList<PauseStatus> Pauses { get; init; } = [];
}

/// <summary>What is not as it should be.</summary>
internal sealed record StatusFinding(Health State, string Text);

/// <summary>What takes nothing, as a relay found: a partition of a topic, a topic, or the whole cluster.</summary>
internal sealed record ClosedPlace(string? Topic, int? Partition, string Reason, DateTimeOffset Since)
{
    public override string ToString() => this switch
    {
        { Topic: null } => "Kafka",
        { Partition: { } partition } => $"Partition {partition} of topic {Topic}",
        _ => $"Topic {Topic}",
    };
}

/// <summary>What keeps an endpoint from consuming, as it says itself.</summary>
internal sealed record EndpointFault(string Reason, DateTimeOffset Since);

/// <summary>One consumer of the service.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Instances">How many live.</param>
internal sealed record EndpointStatus(string Endpoint, int Instances)
{
    public long Failed { get; init; }

    public long Unreadable { get; init; }

    public long Waiting { get; init; }

    public long OverdueGaps { get; init; }

    public IReadOnlyList<EndpointFault> Faults { get; init; } = [];
}

/// <summary>Something that is paused.</summary>
internal sealed record PauseStatus(string Target, string Kind, string Name, DateTimeOffset Since, DateTimeOffset Until, string By, string Reason);
