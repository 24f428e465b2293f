using Microsoft.Extensions.Logging;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>What senders tell the time by, and where they say what happens.</summary>
internal sealed record SenderRuntime(TimeProvider Time, ClientErrors Errors, ILogger<SenderPool> Logger);
