using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>Kafka headers as text. A name that comes twice has its last value, a name without a value none.</summary>
/// <param name="headers">The headers.</param>
/// <param name="firstCounts">Whether a name that comes twice has its first value instead.</param>
internal readonly struct WireHeaders(Headers? headers, bool firstCounts = false)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public int Count => headers?.Count ?? 0;

    /// <summary>Whether transforms have changed the payload.</summary>
    public bool IsEncoded => Has(MessageHeaders.PayloadEncoding);

    /// <summary>As MassTransit reads them: the first of a name counts.</summary>
    public WireHeaders AsMassTransitReads => new(headers, firstCounts: true);

    public static WireHeaders Of(IEnumerable<KeyValuePair<string, byte[]?>> all)
    {
        var headers = new Headers();
        foreach (var (name, value) in all)
        {
            headers.Add(name, value);
        }

        return new WireHeaders(headers);
    }

    /// <summary>All of them, in their order; a name may come twice.</summary>
    public IEnumerable<KeyValuePair<string, byte[]?>> All() => (headers ?? []).Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, header.GetValueBytes()));

    /// <summary>About how many bytes they take.</summary>
    public long Size
    {
        get
        {
            var size = 0L;
            for (var i = 0; i < Count; i++)
            {
                size += headers![i].Key.Length + (headers[i].GetValueBytes()?.Length ?? 0L);
            }

            return size;
        }
    }

    /// <summary>A header as far as it is text, of whatever length: a user's.</summary>
    public string? Text(string name) => Bytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public bool Has(string name) => headers is not null && headers.TryGetLastBytes(name, out _);

    /// <exception cref="UnreadableMessageException">The header is not UTF-8 text, or too long.</exception>
    public string? Find(string name)
    {
        if (Bytes(name) is not { } bytes)
        {
            return null;
        }

        if (bytes.Length > WireLimits.Header)
        {
            throw new UnreadableMessageException($"The header '{name}' has {bytes.Length} bytes, and at most {WireLimits.Header} are read.");
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new UnreadableMessageException($"The header '{name}' is not UTF-8 text.", error);
        }
    }

    /// <summary>A header of the framework's that no message is parked for.</summary>
    public string? Hint(string name) => Bytes(name) is { Length: <= WireLimits.Header } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public string Require(string name) =>
        Find(name) is { Length: > 0 } text ? text : throw new UnreadableMessageException($"The header '{name}' is missing or empty.");

    /// <summary>An id that may be missing, and then is empty. One that is there must say something.</summary>
    public string Id(string name) =>
        Find(name) is not { } id ? "" : id.Length > 0 ? id : throw new UnreadableMessageException($"The header '{name}' is empty.");

    public string? Type(string name) => Find(name)?.Within(WireLimits.Name, $"header '{name}'");

    public DateTimeOffset? Time(string name) => Find(name) switch
    {
        null => null,
        { } text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        { } text => throw new UnreadableMessageException($"The header '{name}' is '{WireText.Short(text)}', not an ISO 8601 time."),
    };

    public long? Version(string name) => Find(name) is { } text ? WireText.Version(text, $"header '{name}'") : null;

    public int SchemaVersion(string name) => Find(name) is { } text ? WireText.SchemaVersion(text, $"header '{name}'") : 1;

    private byte[]? Bytes(string name)
    {
        if (headers is null)
        {
            return null;
        }

        if (!firstCounts)
        {
            return headers.TryGetLastBytes(name, out var last) ? last : null;
        }

        foreach (var header in headers)
        {
            if (header.Key == name)
            {
                return header.GetValueBytes();
            }
        }

        return null;
    }
}
