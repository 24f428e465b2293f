using Confluent.Kafka;
using Outbox.Kafka.Formats.CloudEvents;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>Chooses the format: by the message when writing; when reading by the headers, or where they say nothing by what the value looks like.</summary>
internal static class WireFormats
{
    public static readonly IRecordFormat Envelope = new EnvelopeFormat();
    public static readonly IRecordFormat CloudEvents = new CloudEventsFormat();
    public static readonly IRecordFormat CloudEventsStructured = new CloudEventsStructuredFormat();
    public static readonly IRecordFormat MassTransit = new MassTransitFormat();
    public static readonly IRecordFormat Cap = new CapFormat();

    private static readonly IWireReader Plain = new PlainFormat();
    private static readonly IWireReader Unknown = new UnknownFormat();
    private static readonly IRecordFormat[] Others = [CloudEventsStructured, CloudEvents, MassTransit, Cap];

    public static Message<string, byte[]?> Write(OutboxMessage message) =>
        message.Encoded is { } bytes ? EncodedPayloads.Write(Of(message.Format), message, bytes) : Of(message.Format).Write(message);

    public static IRecordFormat Of(MessageFormat format) => format switch
    {
        MessageFormat.CloudEvents => CloudEvents,
        MessageFormat.CloudEventsStructured => CloudEventsStructured,
        MessageFormat.MassTransit => MassTransit,
        MessageFormat.Cap => Cap,
        _ => Envelope,
    };

    /// <exception cref="UnreadableMessageException">The headers are too many, or malformed.</exception>
    public static IWireReader Of(in WireMessage message)
    {
        if (message.Headers.Count > WireLimits.Headers)
        {
            throw new UnreadableMessageException($"The message has {message.Headers.Count} headers, and at most {WireLimits.Headers} are read.");
        }

        foreach (var format in Others)
        {
            if (format.Wrote(message.Headers))
            {
                return format;
            }
        }

        if ((message.DefaultType is null || message.Headers.IsEncoded) && Envelope.Wrote(message.Headers))
        {
            return Envelope;
        }

        return message.Value is null ? OfTombstone(message) : OfValue(message);
    }

    /// <summary>Ours names its type. A producer of plain JSON may well give its messages an id.</summary>
    private static IWireReader OfTombstone(in WireMessage message) =>
        message.DefaultType is null || (Envelope.Wrote(message.Headers) && message.Headers.Has(MessageHeaders.Type)) ? Envelope : Plain;

    private static IWireReader OfValue(in WireMessage message)
    {
        var shape = JsonShape.Of(message.Value);
        if (shape.IsCloudEvent)
        {
            return CloudEventsStructured;
        }

        return shape.IsEnvelope || EnvelopeFormat.IsBarePayload(message.Headers) ? Envelope : message.DefaultType is null ? Unknown : Plain;
    }
}
