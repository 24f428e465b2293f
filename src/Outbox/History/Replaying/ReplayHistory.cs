using Outbox.Messages.Intents;

namespace Outbox.History.Replaying;

/// <summary>
/// A service asks the owner of a topic for its whole history, into a topic of its own. It is captured by <see cref="IHistoryRequests"/>, on the topic <see cref="Repair.RepairTopic.Of"/>.
/// </summary>
/// <param name="Topic">The topic whose history it is, as services register it.</param>
/// <param name="Into">Where it goes: <see cref="HistoryTopic"/>.</param>
/// <param name="Endpoint">Who reads it there: the endpoint's name, its Kafka group.</param>
/// <param name="RequestId">The request, so that the same one that comes twice begins once.</param>
public sealed record ReplayHistory(string Topic, string Into, string Endpoint, string RequestId) : ICommand;
