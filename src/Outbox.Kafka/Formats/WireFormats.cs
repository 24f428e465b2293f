using Confluent.Kafka;
using Outbox.Kafka.Formats.CloudEvents;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>Chooses the format: by the message when writing, by the headers when reading.</summary>
internal static class WireFormats
{
    public static readonly IWireFormat Envelope = new EnvelopeFormat();
    public static readonly IWireFormat CloudEvents = new CloudEventsFormat();
    public static readonly IWireFormat CloudEventsStructured = new CloudEventsStructuredFormat();
    public static readonly IWireFormat MassTransit = new MassTransitFormat();

    // The envelope is what a message without any known header must be.
    private static readonly IWireFormat[] Recognisable = [CloudEventsStructured, CloudEvents, MassTransit];

    public static Message<string, byte[]?> Write(OutboxMessage message) => Of(message.Format).Write(message);

    public static IWireFormat Of(MessageFormat format) => format switch
    {
        MessageFormat.CloudEvents => CloudEvents,
        MessageFormat.CloudEventsStructured => CloudEventsStructured,
        MessageFormat.MassTransit => MassTransit,
        _ => Envelope,
    };

    public static IWireFormat Of(WireHeaders headers)
    {
        foreach (var format in Recognisable)
        {
            if (format.Wrote(headers))
            {
                return format;
            }
        }

        return Envelope;
    }
}
