using System.Collections.Concurrent;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>What skipped messages are counted and logged as. Their types are others' words: only so many are kept.</summary>
internal sealed class SkippedTypes
{
    private const int Most = 100;
    private const string Others = "(other)";

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    /// <param name="type">The type as the message says it.</param>
    /// <param name="isNew">Whether it is shown for the first time.</param>
    public string Name(string type, out bool isNew)
    {
        var shown = WireText.Clean(WireText.Short(type));
        if (!_names.ContainsKey(shown) && _names.Count >= Most)
        {
            shown = Others;
        }

        isNew = _names.TryAdd(shown, true);
        return shown;
    }
}
