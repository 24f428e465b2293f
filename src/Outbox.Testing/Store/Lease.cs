namespace Outbox.Testing.Store;

/// <summary>Who relays a lane, and until when.</summary>
internal readonly record struct Lease(string Owner, DateTimeOffset ExpiresAt);
