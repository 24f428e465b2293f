using System.Globalization;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Formats.CloudEvents;

/// <summary>Makes an envelope of attributes, wherever they were found.</summary>
/// <param name="find">Gives an attribute's text.</param>
/// <param name="place">Describes an attribute's place for errors: <c>header 'ce_id'</c>.</param>
internal readonly struct CloudEventReader(Func<string, string?> find, Func<string, string> place)
{
    public Envelope Read(in WireMessage message, ReadOnlyMemory<byte>? payload)
    {
        if (Require(CloudEventAttributes.SpecVersion) is var version && version != "1.0")
        {
            throw new UnreadableMessageException($"The {place(CloudEventAttributes.SpecVersion)} is '{WireText.Short(version)}'; only CloudEvents 1.0 is known.");
        }

        // Only our own events say what they want; of others it is not known how far their ids are unique.
        var isOurs = find(CloudEventAttributes.Intent) is not null;
        return new Envelope(
            Id(isOurs),
            find(CloudEventAttributes.Subject) ?? find(CloudEventAttributes.PartitionKey) ?? WireText.Utf8(message.Key, "key"),
            find(CloudEventAttributes.EntityType) ?? "",
            Version(isOurs),
            Require(CloudEventAttributes.Type),
            Time() ?? message.Time,
            payload)
        {
            Intent = WireText.Intent(find(CloudEventAttributes.Intent), place(CloudEventAttributes.Intent)),
            SchemaVersion = find(CloudEventAttributes.SchemaVersion) is { } text ? WireText.SchemaVersion(text, place(CloudEventAttributes.SchemaVersion)) : 1,
            CorrelationId = find(CloudEventAttributes.CorrelationId),
            CausationId = find(CloudEventAttributes.CausationId),
            TraceParent = find(CloudEventAttributes.TraceParent),
            TraceState = find(CloudEventAttributes.TraceState),
        };
    }

    /// <summary>An event's id is unique within its source alone, unless it is a UUID.</summary>
    private string Id(bool isOurs)
    {
        if (find(CloudEventAttributes.Id) is null)
        {
            return "";
        }

        var id = Require(CloudEventAttributes.Id);
        return isOurs || Guid.TryParse(id, out _) ? id : $"{Require(CloudEventAttributes.Source)}#{id}";
    }

    /// <summary>Others may number their events in ways that are not versions.</summary>
    private long? Version(bool isOurs)
    {
        var text = find(CloudEventAttributes.Sequence);
        if (isOurs)
        {
            return WireText.Version(text ?? Require(CloudEventAttributes.Sequence), place(CloudEventAttributes.Sequence));
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : null;
    }

    private DateTimeOffset? Time() => find(CloudEventAttributes.Time) switch
    {
        null => null,
        { } text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        { } text => throw new UnreadableMessageException($"The {place(CloudEventAttributes.Time)} is '{WireText.Short(text)}', not an RFC 3339 time."),
    };

    private string Require(string attribute) =>
        find(attribute) is { Length: > 0 } text ? text : throw new UnreadableMessageException($"The {place(attribute)} is missing or empty.");
}
