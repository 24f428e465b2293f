namespace Outbox.Embedded.Kafka;

/// <summary>A request that a broker received while requests were tracked.</summary>
/// <param name="Broker">The broker's id.</param>
/// <param name="Request">The request.</param>
public readonly record struct KafkaRequestSeen(int Broker, KafkaRequest Request);
