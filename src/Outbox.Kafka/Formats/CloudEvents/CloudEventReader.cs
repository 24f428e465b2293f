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

        // Ours have all three. In others' events each of these may mean what its producer likes, and it is not known how far their ids are unique.
        var isOurs = find(CloudEventAttributes.Intent) is not null && find(CloudEventAttributes.EntityType) is not null && find(CloudEventAttributes.Sequence) is not null;
        return new Envelope(
            Id(isOurs),
            find(CloudEventAttributes.Subject) ?? find(CloudEventAttributes.PartitionKey) ?? WireKey.Text(message.Key),
            find(CloudEventAttributes.EntityType) ?? "",
            Version(isOurs),
            Require(CloudEventAttributes.Type),
            Time() ?? message.Time,
            payload)
        {
            Intent = isOurs ? WireText.Intent(find(CloudEventAttributes.Intent), place(CloudEventAttributes.Intent)) : null,
            SchemaVersion = SchemaVersion(isOurs),
            CorrelationId = find(CloudEventAttributes.CorrelationId),
            CausationId = find(CloudEventAttributes.CausationId),
            TraceParent = Hint(CloudEventAttributes.TraceParent),
            TraceState = Hint(CloudEventAttributes.TraceState),
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
            return WireText.Version(text!, place(CloudEventAttributes.Sequence));
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : null;
    }

    private int SchemaVersion(bool isOurs) => find(CloudEventAttributes.SchemaVersion) switch
    {
        null => 1,
        { } text when isOurs => WireText.SchemaVersion(text, place(CloudEventAttributes.SchemaVersion)),
        { } text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : 1,
    };

    /// <summary>No message is parked for its traces.</summary>
    private string? Hint(string attribute)
    {
        try
        {
            return find(attribute);
        }
        catch (UnreadableMessageException)
        {
            return null;
        }
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
