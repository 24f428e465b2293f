using Outbox.Dashboard.Access;
namespace Outbox.Dashboard.Mapping;

/// <summary>Says what somebody must be allowed to for an endpoint.</summary>
internal sealed record Needs(Capability Capability);
