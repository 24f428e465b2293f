using Microsoft.Extensions.Logging;
using Outbox.Delivery.Leases;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Delivery;

/// <summary>What every sender takes from its surroundings.</summary>
internal sealed record SenderTools(ProducerFactory Factory, PartitionCounts Partitions, ILaneGuard Guard, TimeProvider Time, ILogger<SenderPool> Logger);
