using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Pages.Seeing;

/// <summary>The looks of the last hour, and no more of them than that takes.</summary>
internal sealed class SampleSeries
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(1);
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Relays and endpoints tell of themselves every few seconds; a rate over less says little.</summary>
    private static readonly TimeSpan Closest = TimeSpan.FromSeconds(10);
    private static readonly int Most = (int)(Length / Interval) + 1;
    private readonly Lock _lock = new();
    private readonly Queue<Sample> _samples = [];
    private Overview? _last;
    private Sample? _lastSample;

    /// <summary>Adds a look, unless one was added a moment before.</summary>
    /// <returns>The last sample that there is.</returns>
    public Sample Add(Overview seen)
    {
        lock (_lock)
        {
            if (_last is not null && _lastSample is not null && seen.At - _last.At < Closest)
            {
                return _lastSample;
            }

            _lastSample = Sample.Of(seen, _last);
            _last = seen;
            _samples.Enqueue(_lastSample);
            while (_samples.Count > Most || _samples.Peek().At < seen.At - Length)
            {
                _samples.Dequeue();
            }

            return _lastSample;
        }
    }

    public IReadOnlyList<Sample> All()
    {
        lock (_lock)
        {
            return [.. _samples];
        }
    }
}
