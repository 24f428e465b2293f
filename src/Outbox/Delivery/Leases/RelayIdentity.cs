namespace Outbox.Delivery.Leases;

/// <summary>The name under which this process holds leases; new at every start, so that a restarted process is another relay.</summary>
public sealed class RelayIdentity
{
    /// <summary>Host, process and a unique part.</summary>
    public string Owner { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
}
