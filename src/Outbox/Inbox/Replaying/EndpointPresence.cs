using Outbox.Inbox.Health;

namespace Outbox.Inbox.Replaying;

/// <summary>A topic endpoint of one process, as it shows itself to the others.</summary>
/// <param name="Endpoint">Its group.</param>
/// <param name="Topic">The topic, or the pattern of topics, as the brokers know it.</param>
/// <param name="Instance">The process.</param>
public sealed record EndpointPresence(string Endpoint, string Topic, string Instance)
{
    /// <summary>How it is.</summary>
    public EndpointReport? Report { get; init; }

    /// <summary>The replay that it has stopped for; 0 while it consumes.</summary>
    public int Stopped { get; init; }

    /// <summary>Whether its types are in sequence.</summary>
    public bool InSequence { get; init; }

    /// <summary>Whether it has consumers of batches.</summary>
    public bool HasBatches { get; init; }
}
