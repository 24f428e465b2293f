using Microsoft.Extensions.Options;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Retrying;

/// <summary>
/// Which entities wait after a failure, and which places (<see cref="IMessagePublisher.PlaceOf"/>), and until when. Bounded: with too many failing
/// entities their places wait instead. Attempts are counted here, in memory: a takeover starts them again.
/// </summary>
internal sealed class RetrySchedule(IMessagePublisher publisher, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private const int MostEntities = 10_000;

    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.MaxRetryDelay, runtime.Random);
    private readonly Dictionary<Entity, Wait> _entities = [];
    private readonly Dictionary<Place, Wait> _places = [];
    private long _cleanedAt;

    /// <summary>Whether a message's turn has not come again yet.</summary>
    public bool MustWait(OutboxMessage message) =>
        IsWaiting(_entities, message.Entity) || (_places.Count > 0 && IsWaiting(publisher.PlaceOf(message)));

    /// <summary>How long until the first of those that wait may try again.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            var waits = _entities.Values.Concat(_places.Values).Select(Remaining).Where(rest => rest > TimeSpan.Zero).ToList();
            return waits.Count == 0 ? null : waits.Min();
        }
    }

    /// <summary>Notes a failed attempt of an entity's first message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="counts">Whether the attempt counts towards parking: a broker that did not answer says nothing about the message.</param>
    /// <returns>How many attempts count by now.</returns>
    public int EntityFailed(OutboxMessage message, bool counts)
    {
        if (!_entities.ContainsKey(message.Entity) && !HasRoom())
        {
            var place = publisher.PlaceOf(message);
            if (!IsWaiting(place))
            {
                PlaceFailed(place);
            }

            return counts ? 1 : 0;
        }

        return Fail(_entities, message.Entity, counts);
    }

    /// <summary>Notes that nothing gets through to a place.</summary>
    public void PlaceFailed(Place place) => Fail(_places, place, counts: false);

    /// <summary>Forgets the failures of an entity, after its message was published or parked.</summary>
    public void EntityDone(Entity entity) => _entities.Remove(entity);

    /// <summary>Forgets the failures of a place, after something got through to it.</summary>
    public void PlaceDone(Place place)
    {
        foreach (var failed in _places.Keys.Where(failed => failed.Contains(place)).ToList())
        {
            _places.Remove(failed);
        }
    }

    /// <summary>Whether any place has failed and has not got anything through since.</summary>
    public bool AnyPlaceFailed => _places.Count > 0;

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
            foreach (var (entity, _) in _entities.Where(entry => Remaining(entry.Value) < -options.Value.MaxRetryDelay).ToList())
            {
                _entities.Remove(entity);
            }
        }

        return _entities.Count < MostEntities;
    }

    private int Fail<T>(Dictionary<T, Wait> waits, T key, bool counts)
        where T : notnull
    {
        var before = waits.GetValueOrDefault(key);
        var attempts = before.Attempts + (counts ? 1 : 0);
        waits[key] = new Wait(before.Failures + 1, attempts, runtime.Time.GetTimestamp(), _backoff.After(before.Failures + 1));
        return attempts;
    }

    private bool IsWaiting(Place place) =>
        IsWaiting(_places, place) || IsWaiting(_places, place with { Partition = null }) || (Place.Cluster.Contains(place) && IsWaiting(_places, Place.Cluster));

    private bool IsWaiting<T>(Dictionary<T, Wait> waits, T key)
        where T : notnull => waits.TryGetValue(key, out var wait) && Remaining(wait) > TimeSpan.Zero;

    private TimeSpan Remaining(Wait wait) => wait.Length - runtime.Time.GetElapsedTime(wait.Since);

    private readonly record struct Wait(int Failures, int Attempts, long Since, TimeSpan Length);
}
