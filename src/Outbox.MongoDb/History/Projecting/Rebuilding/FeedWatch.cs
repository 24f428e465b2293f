using System.Collections.Concurrent;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Health;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>Asks Kafka how far builds have come, and not more often than somebody wants to know.</summary>
internal sealed class FeedWatch(IEnumerable<IProjectionFeed> feeds, ProjectionMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IProjectionFeed? _feed = feeds.LastOrDefault();
    private readonly ConcurrentDictionary<string, long> _asked = new(StringComparer.Ordinal);

    public async Task<FeedPosition> PositionAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        var position = await _feed!.PositionAsync(build.Id, build.Registration.Topic, cancellationToken).ConfigureAwait(false);
        metrics.Lag(build.Id, position.Lag);
        return position;
    }

    /// <summary>How many messages a build has left to do; <see langword="null"/> where Kafka does not say.</summary>
    /// <param name="build">The build's name.</param>
    /// <param name="topic">The topic, as messages that come from it name it.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    public async Task<long?> LagAsync(string build, string topic, CancellationToken cancellationToken)
    {
        if (_feed is null)
        {
            return null;
        }

        try
        {
            return (await _feed.PositionAsync(build, topic, cancellationToken).ConfigureAwait(false)).Lag;
        }
        catch (OutboxException)
        {
            return null;
        }
    }

    /// <summary>Keeps the figure of a build that follows up to date.</summary>
    public async Task ShowAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        if (!build.IsFed || (_asked.TryGetValue(build.Id, out var at) && time.GetElapsedTime(at) < Interval))
        {
            return;
        }

        _asked[build.Id] = time.GetTimestamp();
        try
        {
            await PositionAsync(build, cancellationToken).ConfigureAwait(false);
        }
        catch (OutboxException)
        {
            metrics.Lag(build.Id, null);
        }
    }
}
