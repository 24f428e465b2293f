namespace Outbox.Dashboard.Access;

/// <summary>Says what somebody must be allowed to for an endpoint.</summary>
internal sealed record Needs(Capability Capability);
