namespace Outbox.Delivery;

/// <summary>What the relay takes from its surroundings, so that a test can bring its own clock and seed.</summary>
internal sealed class RelayRuntime(TimeProvider time, Random random)
{
    public TimeProvider Time => time;

    public Random Random => random;
}
