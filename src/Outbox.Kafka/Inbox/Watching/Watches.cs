namespace Outbox.Kafka.Inbox.Watching;

/// <summary>What looks after a consumer.</summary>
/// <param name="Broker">Whether the brokers answer, and have the topic.</param>
/// <param name="Client">Whether the client hears them.</param>
internal sealed record Watches(BrokerWatch Broker, ClientWatch Client);
