using System.Collections.Concurrent;

namespace Outbox.Diagnostics;

/// <summary>Names as values of tags. Each new one costs memory here and a time series elsewhere, so only so many are taken; the rest are <see cref="Other"/>.</summary>
internal sealed class BoundedNames(int most = BoundedNames.Most)
{
    /// <summary>How OpenTelemetry's conventions call what has no name of its own.</summary>
    public const string Other = "_OTHER";

    private const int Most = 200;

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);
    private int _count;

    public string Of(string name)
    {
        if (_names.ContainsKey(name))
        {
            return name;
        }

        if (name.Length == 0 || Volatile.Read(ref _count) >= most)
        {
            return Other;
        }

        if (_names.TryAdd(name, true))
        {
            Interlocked.Increment(ref _count);
        }

        return name;
    }
}
