using System.Collections.Concurrent;
using System.Diagnostics;

namespace Outbox.RelayHost;

/// <summary>When each endpoint last did something, and how long it did nothing.</summary>
public sealed class Pulse
{
    private readonly ConcurrentDictionary<string, (long Last, TimeSpan Longest)> _beats = new();

    public void Beat(string endpoint) => _beats.AddOrUpdate(
        endpoint,
        _ => (Stopwatch.GetTimestamp(), TimeSpan.Zero),
        (_, beat) => Stopwatch.GetElapsedTime(beat.Last) is var silence && silence > beat.Longest ? (Stopwatch.GetTimestamp(), silence) : (Stopwatch.GetTimestamp(), beat.Longest));

    /// <summary>Forgets earlier silences.</summary>
    public void Start()
    {
        foreach (var endpoint in _beats.Keys)
        {
            _beats[endpoint] = (_beats[endpoint].Last, TimeSpan.Zero);
        }
    }

    /// <summary>The longest time without a message, which is until messages flowed again.</summary>
    public TimeSpan LongestSilence(string endpoint) => _beats.GetValueOrDefault(endpoint).Longest;
}
