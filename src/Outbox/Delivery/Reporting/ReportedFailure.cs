using Outbox.Messages;

namespace Outbox.Delivery.Reporting;

/// <summary>A message that could not be published and is tried again, as a relay reports it.</summary>
/// <param name="Entity">Its entity, which waits with it.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="Error">How, the last time.</param>
/// <param name="For">For how long.</param>
public sealed record ReportedFailure(Entity Entity, string MessageId, int Failures, string Error, TimeSpan For);
