using System.Text;

namespace Outbox.Kafka;

/// <summary>A record on Kafka, as an <see cref="IWireFormat"/> writes and reads it.</summary>
/// <param name="Value">The value; <see langword="null"/> is a tombstone.</param>
/// <param name="Headers">The headers, in their order; a name may come twice.</param>
public sealed record WireRecord(byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers)
{
    /// <summary>The key of a record that was read.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The time of a record that was read.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The last header of a name as text; <see langword="null"/> where there is none, or it has no value.</summary>
    public string? Header(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var index = Headers.Count - 1; index >= 0; index--)
        {
            if (Headers[index].Key == name)
            {
                return Headers[index].Value is { } value ? Encoding.UTF8.GetString(value) : null;
            }
        }

        return null;
    }
}
