using Outbox.Messages.Intents;

namespace Outbox.History.Repair;

/// <summary>An endpoint asks the owner of a topic for versions of an entity that it has missed. It is captured by the framework, on the topic <see cref="RepairTopic.Of"/>.</summary>
/// <param name="EntityType">What the entity id names.</param>
/// <param name="EntityId">The entity.</param>
/// <param name="Topic">The topic that the versions were published on, as services register it.</param>
/// <param name="From">The first version.</param>
/// <param name="To">The last.</param>
/// <param name="Endpoint">Who asks: the endpoint's name, its Kafka group.</param>
public sealed record RepublishVersions(string EntityType, string EntityId, string Topic, long From, long To, string Endpoint) : ICommand;
