using Outbox.Delivery.Leases;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>
/// The entities that wait for a person to decide on a parked message. Read again when the lanes change, which they must before a lane's first message,
/// and otherwise every second, so that a decision made in another process is noticed.
/// </summary>
internal sealed class HeldEntities(IOutboxReader reader, LaneLeases leases, RelayRuntime runtime)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private HashSet<Entity> _held = [];
    private IReadOnlyCollection<int>? _lanes;
    private long _readAt;

    public async ValueTask<IReadOnlyCollection<Entity>> GetAsync(CancellationToken cancellationToken)
    {
        var lanes = leases.Lanes;
        if (!ReferenceEquals(lanes, _lanes) && (_lanes is null || !_lanes.ToHashSet().SetEquals(lanes)) || runtime.Time.GetElapsedTime(_readAt) > Freshness)
        {
            var askedAt = runtime.Time.GetTimestamp();
            _held = [.. await StoreFailedException.NameAsync("reading what waits for a person", () => reader.ReadHeldEntitiesAsync(lanes, cancellationToken)).ConfigureAwait(false)];
            (_lanes, _readAt) = (lanes, askedAt);
        }

        return _held;
    }

    /// <summary>Notes an entity whose message was parked just now.</summary>
    public void Add(Entity entity) => _held.Add(entity);
}
