using Microsoft.Extensions.Logging;
using Outbox.Delivery.Health;
using Outbox.Delivery.Leases;

namespace Outbox.Delivery;

/// <summary>What the relay loop takes from its surroundings, so that a test can bring its own clock and seed.</summary>
internal sealed class RelayRuntime(TimeProvider time, RelayIdentity identity, ILogger<RelayService> logger)
{
    public TimeProvider Time => time;

    public RelayHealth Health { get; } = new(time);

    public ILogger Logger => logger;

    public Random Random { get; } = new(identity.Owner.GetHashCode(StringComparison.Ordinal));
}
