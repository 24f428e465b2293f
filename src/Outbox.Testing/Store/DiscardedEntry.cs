using Outbox.Delivery.Operations;

namespace Outbox.Testing.Store;

/// <summary>A message of the outbox that was given up.</summary>
internal sealed class DiscardedEntry(ParkedOutboxMessage parked)
{
    public ParkedOutboxMessage Parked => parked;

    /// <summary>Whether a later message of its entity, which it held, may have been published.</summary>
    public bool IsPassed { get; set; }
}
