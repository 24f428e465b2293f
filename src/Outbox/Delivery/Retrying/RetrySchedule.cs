using Microsoft.Extensions.Options;
using Outbox.Messages;

namespace Outbox.Delivery.Retrying;

/// <summary>
/// Which entities and topics wait after a failure, and until when. Bounded: with too many failing entities their topics wait instead. Attempts are
/// counted here, in memory: a takeover starts them again.
/// </summary>
internal sealed class RetrySchedule(IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private const int MostEntities = 10_000;

    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.MaxRetryDelay, runtime.Random);
    private readonly Dictionary<string, Wait> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Wait> _topics = new(StringComparer.Ordinal);

    /// <summary>Whether a message's turn has not come again yet.</summary>
    public bool MustWait(OutboxMessage message) => IsWaiting(_entities, message.EntityId) || IsWaiting(_topics, message.Topic);

    /// <summary>How long until the first of those that wait may try again.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            var waits = _entities.Values.Concat(_topics.Values).Select(Remaining).Where(rest => rest > TimeSpan.Zero).ToList();
            return waits.Count == 0 ? null : waits.Min();
        }
    }

    /// <summary>Notes a failed attempt of an entity's first message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="counts">Whether the attempt counts towards parking: a broker that did not answer says nothing about the message.</param>
    /// <returns>How many attempts count by now.</returns>
    public int EntityFailed(OutboxMessage message, bool counts)
    {
        if (_entities.Count >= MostEntities && !_entities.ContainsKey(message.EntityId))
        {
            TopicFailed(message.Topic);
            return counts ? 1 : 0;
        }

        return Fail(_entities, message.EntityId, counts);
    }

    /// <summary>Notes that nothing of a topic gets through.</summary>
    public void TopicFailed(string topic) => Fail(_topics, topic, counts: false);

    /// <summary>Forgets the failures of an entity, after its message was published or parked.</summary>
    public void EntityDone(string entityId) => _entities.Remove(entityId);

    /// <summary>Forgets the failures of a topic, after something of it was published.</summary>
    public void TopicDone(string topic) => _topics.Remove(topic);

    private int Fail(Dictionary<string, Wait> waits, string key, bool counts)
    {
        var before = waits.GetValueOrDefault(key);
        var attempts = before.Attempts + (counts ? 1 : 0);
        waits[key] = new Wait(before.Failures + 1, attempts, runtime.Time.GetTimestamp(), _backoff.After(before.Failures + 1));
        return attempts;
    }

    private bool IsWaiting(Dictionary<string, Wait> waits, string key) => waits.TryGetValue(key, out var wait) && Remaining(wait) > TimeSpan.Zero;

    private TimeSpan Remaining(Wait wait) => wait.Length - runtime.Time.GetElapsedTime(wait.Since);

    private readonly record struct Wait(int Failures, int Attempts, long Since, TimeSpan Length);
}
