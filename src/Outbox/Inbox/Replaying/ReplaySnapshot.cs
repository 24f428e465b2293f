namespace Outbox.Inbox.Replaying;

/// <summary>What an endpoint had written, with its group's offsets at the same moment.</summary>
/// <param name="Id">Its name: <see cref="ReplayFrom.OfSnapshot"/>.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Collections">The service's own collections in it. Those of the inbox are there too, as far as they are the endpoint's.</param>
/// <param name="Offsets">The group's offsets.</param>
/// <param name="Reason">Why it was taken.</param>
public sealed record ReplaySnapshot(string Id, string Endpoint, DateTimeOffset At, IReadOnlyList<string> Collections, IReadOnlyList<PartitionOffset> Offsets, string Reason);
