using Microsoft.Extensions.Options;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Retrying;

/// <summary>
/// Which entities wait after a failure, and until when. Bounded: with too many failing entities their places wait instead. Attempts are counted here, in memory: a takeover starts
/// them again.
/// </summary>
internal sealed class RetrySchedule(IMessagePublisher publisher, ClosedPlaces places, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    /// <summary>How many waiting entities a query names.</summary>
    public const int MostNamed = 1_000;

    private const int MostEntities = 10_000;

    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.MaxRetryDelay, runtime.Random);
    private readonly Dictionary<Entity, Wait> _entities = [];
    private readonly Dictionary<Entity, Place> _passedOver = [];
    private long _cleanedAt;

    /// <summary>Whether an entity's turn has not come again yet.</summary>
    public bool MustWait(Entity entity) => _entities.Count > 0 && _entities.TryGetValue(entity, out var wait) && wait.Remaining(runtime.Time) > TimeSpan.Zero;

    /// <summary>Entities that wait, for their own sake or for that of a partition: as many as a query should name.</summary>
    public IReadOnlyCollection<Entity> Waiting
    {
        get
        {
            foreach (var (entity, _) in _passedOver.Where(entry => !places.IsWaiting(entry.Value)).ToList())
            {
                _passedOver.Remove(entity);
            }

            return [.. _entities.Keys.Where(MustWait).Concat(_passedOver.Keys).Distinct().Take(MostNamed)];
        }
    }

    /// <summary>Whether any entity or place waits.</summary>
    public bool AnyWaits => UntilNext is not null;

    /// <summary>How long until the first of those that wait may try again.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            var waits = _entities.Values.Select(wait => wait.Remaining(runtime.Time)).Where(rest => rest > TimeSpan.Zero).ToList();
            var first = waits.Count == 0 ? (TimeSpan?)null : waits.Min();
            return places.UntilNext is { } place && (first is null || place < first) ? place : first;
        }
    }

    /// <summary>Notes an entity whose message goes to a partition that waits.</summary>
    public void PassedOver(Entity entity, Place partition)
    {
        if (_passedOver.Count < MostNamed)
        {
            _passedOver[entity] = partition;
        }
    }

    /// <summary>Notes a failed attempt of an entity's first message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="counts">Whether the attempt counts towards parking: a broker that did not answer says nothing about the message.</param>
    /// <returns>How often it has failed, and how many attempts count by now.</returns>
    public (int Failures, int Attempts) EntityFailed(OutboxMessage message, bool counts)
    {
        if (_entities.ContainsKey(message.Entity) || HasRoom())
        {
            var before = _entities.GetValueOrDefault(message.Entity);
            var (failures, attempts) = (before.Failures + 1, before.Attempts + (counts ? 1 : 0));
            _entities[message.Entity] = new Wait(failures, attempts, runtime.Time.GetTimestamp(), _backoff.After(failures));
            return (failures, attempts);
        }

        var place = publisher.TryPlaceOf(message);
        if (!places.IsWaiting(place))
        {
            places.Failed(place, $"The messages of more than {MostEntities} entities fail.", isAnswered: true);
        }

        return (1, counts ? 1 : 0);
    }

    /// <summary>Forgets the failures of an entity, after its message was published or parked.</summary>
    public void EntityDone(Entity entity) => _entities.Remove(entity);

    /// <summary>Makes room, if need be, by forgetting entities that have not come again long after their turn: their lanes are another relay's by now.</summary>
    private bool HasRoom()
    {
        if (_entities.Count < MostEntities)
        {
            return true;
        }

        var now = runtime.Time.GetTimestamp();
        if (runtime.Time.GetElapsedTime(_cleanedAt, now) > options.Value.QueryDelay)
        {
            _cleanedAt = now;
            foreach (var (entity, _) in _entities.Where(entry => entry.Value.Remaining(runtime.Time) < -options.Value.MaxRetryDelay).ToList())
            {
                _entities.Remove(entity);
            }
        }

        return _entities.Count < MostEntities;
    }
}
