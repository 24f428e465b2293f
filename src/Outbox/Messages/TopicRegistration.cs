using Outbox.Delivery;

namespace Outbox.Messages;

/// <summary>The settings of one topic.</summary>
/// <param name="Name">The Kafka topic.</param>
/// <param name="OnParked">What happens to an entity's later messages when one cannot be published.</param>
public sealed record TopicRegistration(string Name, ParkedPolicy OnParked);
