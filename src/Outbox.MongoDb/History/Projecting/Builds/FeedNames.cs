using Outbox.History.Projecting.Building;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>Topics as what is stored names them: as messages that come from Kafka do.</summary>
internal sealed class FeedNames(IEnumerable<IProjectionFeed> feeds)
{
    private readonly IProjectionFeed? _feed = feeds.LastOrDefault();

    public string Of(string topic) => _feed?.NameOf(topic) ?? topic;
}
