namespace Outbox.Aspire;

/// <summary>Where the embedded servers listen.</summary>
/// <param name="MongoDb">MongoDB's connection string.</param>
/// <param name="BootstrapServers">Kafka's brokers to start from.</param>
public sealed record OutboxServersAddresses(string MongoDb, string BootstrapServers);
