using System.Collections.Concurrent;

namespace Outbox.Kafka.Inbox.Opening;

/// <summary>
/// How long an endpoint has waited for keys that it does not know. A key that comes late would have whole topics parked if nobody waited for it, and one that never comes would hold them for ever.
/// </summary>
internal sealed class UnknownKeys(TimeSpan patience, TimeProvider time)
{
    /// <summary>Whoever may write to the topic can name any number of keys: no more of them are waited for, or remembered.</summary>
    private const int MostAwaited = 16;
    private const int MostKnown = 1_000;

    private readonly ConcurrentDictionary<string, long> _since = new(StringComparer.Ordinal);

    /// <summary>Whether a key was waited for long enough.</summary>
    public bool IsGivenUp(string keyId)
    {
        if (!_since.ContainsKey(keyId) && (_since.Count >= MostKnown || _since.Values.Count(since => !IsOver(since)) >= MostAwaited))
        {
            return true;
        }

        return IsOver(_since.GetOrAdd(keyId, static (_, clock) => clock.GetTimestamp(), time));
    }

    /// <summary>The key is there.</summary>
    public void Found(string keyId)
    {
        if (!_since.IsEmpty)
        {
            _since.TryRemove(keyId, out _);
        }
    }

    private bool IsOver(long since) => time.GetElapsedTime(since) >= patience;
}
