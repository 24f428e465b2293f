namespace Outbox.Delivery.Leases;

/// <summary>The leases at one moment of the database server.</summary>
/// <param name="Relays">How many relays live, the asking one included.</param>
/// <param name="Held">The lanes that the asking relay holds, just extended.</param>
/// <param name="Taken">The lanes that other relays hold.</param>
public sealed record LeaseView(int Relays, IReadOnlySet<int> Held, IReadOnlySet<int> Taken);
