namespace Outbox.Operations.Seeing;

/// <summary>What keeps an endpoint from consuming, as it says itself.</summary>
/// <param name="Reason">What it is.</param>
/// <param name="Since">Since when.</param>
public sealed record EndpointFault(string Reason, DateTimeOffset Since);
