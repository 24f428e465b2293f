using Outbox.History.Projecting.Building;

namespace Outbox.Testing.Projections;

/// <summary>In memory, everything is projected when it is published.</summary>
internal sealed class InMemoryFeed : IProjectionFeed
{
    private static readonly FeedPosition Done = new(new Dictionary<int, (long, long)>());

    /// <inheritdoc/>
    public string NameOf(string topic) => topic;

    /// <inheritdoc/>
    public Task PinAsync(string group, string topic, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<FeedPosition> PositionAsync(string group, string topic, CancellationToken cancellationToken) => Task.FromResult(Done);
}
