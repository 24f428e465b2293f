namespace Outbox.Delivery.Health;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Text">What, for a person.</param>
/// <param name="Outage">For how long nothing has worked for that reason, if nothing does.</param>
internal sealed record Finding(string Text, TimeSpan? Outage = null);
