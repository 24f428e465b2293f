namespace Outbox.Delivery.Leases;

/// <summary>The leases at one moment of the database server.</summary>
/// <param name="Relays">How many relays live, the asking one included.</param>
/// <param name="Held">The lanes that the asking relay holds, just extended.</param>
/// <param name="Taken">The lanes that other relays hold.</param>
/// <param name="ServerTime">The server's time at that moment.</param>
public sealed record LeaseView(int Relays, IReadOnlySet<int> Held, IReadOnlySet<int> Taken, DateTimeOffset ServerTime);
