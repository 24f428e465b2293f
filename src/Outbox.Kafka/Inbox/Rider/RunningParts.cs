using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Receiving;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Turns;

namespace Outbox.Kafka.Inbox.Rider;

/// <summary>What runs while an endpoint does.</summary>
/// <param name="Loop">Reads.</param>
/// <param name="Sweep">Looks after what is parked, where the store can have messages wait.</param>
/// <param name="Health">Says what keeps the endpoint from working.</param>
internal sealed record RunningParts(ConsumeLoop Loop, ParkedSweep? Sweep, EndpointHealth Health)
{
    /// <summary>Looks whether the endpoint is to be replayed, where the store knows replays.</summary>
    public ReplayWatch? Replays { get; init; }
}
