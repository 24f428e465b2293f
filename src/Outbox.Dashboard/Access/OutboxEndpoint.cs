namespace Outbox.Dashboard.Access;

/// <summary>Marks an endpoint of ours.</summary>
/// <param name="Mapping">How it was mapped, for a message: <c>MapOutboxDashboard("/outbox")</c>.</param>
/// <param name="Via">What people use, for the audit.</param>
internal sealed record OutboxEndpoint(string Mapping, string Via);
