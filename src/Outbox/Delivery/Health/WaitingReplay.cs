namespace Outbox.Delivery.Health;

/// <summary>A replay of a topic's history that is tried again.</summary>
/// <param name="Topic">The topic whose history it is.</param>
/// <param name="Into">Where it goes.</param>
/// <param name="Error">Why it did not get there.</param>
public sealed record WaitingReplay(string Topic, string Into, string Error);
