using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>A message that was not published, and why.</summary>
internal readonly record struct FailedMessage(OutboxMessage Message, PublishResult Result);
