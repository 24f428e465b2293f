using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>
/// What MassTransit's own Kafka rider writes and reads: the value is the payload, and the ids are headers. That rider knows a message's type by its topic;
/// ours adds <c>type</c>, <c>version</c> and what else our consumers need, in names that it does not use.
/// </summary>
internal sealed class MassTransitFormat : IRecordFormat
{
    private const string MessageId = "MessageId";
    private const string CorrelationId = "CorrelationId";
    private const string ConversationId = "ConversationId";
    private const string InitiatorId = "InitiatorId";
    private const string SourceAddress = "SourceAddress";
    private const string DestinationAddress = "DestinationAddress";
    private const string ContentType = "Content-Type";
    private const string MediaType = "application/vnd.masstransit";
    private const string ActivityId = "MT-Activity-Id";

    // Ours: the rider has the time of the Kafka record alone, which can be that of the broker.
    private const string SentTime = "SentTime";

    private static readonly byte[] Json = "application/vnd.masstransit+json"u8.ToArray();

    public Message<string, byte[]?> Write(OutboxMessage message) => new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = message.Payload is null ? null : WireText.Bytes(message.Payload),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    public bool Wrote(WireHeaders headers) =>
        (headers.Has(MessageId) || headers.Has(DestinationAddress) || IsMediaType(headers)) && !headers.Has(MessageHeaders.MessageId);

    /// <summary>An application may send headers of our names with messages of its own; they do not mean what ours do.</summary>
    public string? TypeOf(in WireMessage message)
    {
        var headers = message.Headers.AsMassTransitReads;
        return IsOurs(headers) || message.TopicType is null ? headers.Type(MessageHeaders.Type) ?? message.TopicType : message.TopicType;
    }

    public Envelope Read(in WireMessage message)
    {
        var headers = message.Headers.AsMassTransitReads;
        var type = TypeOf(message) ?? throw new UnreadableMessageException(
            $"The header '{MessageHeaders.Type}' is missing, and the topic has not one registered message type but none or several.");
        var envelope = IsOurs(headers) ? ReadOurs(message, headers, type) : new Envelope(headers.Id(MessageId), WireKey.Text(message.Key), "", null, type, message.Time, message.Payload);
        return envelope with
        {
            CorrelationId = headers.Find(ConversationId) ?? headers.Find(CorrelationId),
            CausationId = headers.Find(InitiatorId),
            TraceParent = headers.Hint(ActivityId) ?? headers.Hint(MessageHeaders.TraceParent),
            TraceState = headers.Hint(MessageHeaders.TraceState),
        };
    }

    private static Envelope ReadOurs(in WireMessage message, WireHeaders headers, string type) => new(
        headers.Id(MessageId),
        headers.Find(MessageHeaders.EntityId) ?? WireKey.Text(message.Key),
        headers.Find(MessageHeaders.EntityType) ?? "",
        headers.Version(MessageHeaders.Version),
        type,
        headers.Time(SentTime) ?? message.Time,
        message.Payload)
    {
        Intent = WireText.Intent(headers.Find(MessageHeaders.Intent), $"header '{MessageHeaders.Intent}'"),
        SchemaVersion = headers.SchemaVersion(MessageHeaders.SchemaVersion),
    };

    /// <summary>Whether our relay wrote it: it writes all of these, and no application all of them by chance.</summary>
    private static bool IsOurs(WireHeaders headers) =>
        headers.Has(SentTime) && headers.Has(MessageHeaders.Type) && headers.Has(MessageHeaders.Version) && headers.Has(MessageHeaders.Intent)
        && headers.Has(MessageHeaders.EntityId) && headers.Has(MessageHeaders.EntityType);

    private static bool IsMediaType(WireHeaders headers) => headers.Hint(ContentType)?.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase) == true;

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { MessageId, WireText.Bytes(message.MessageId) },
            { SourceAddress, WireText.Bytes(SourceOf(message)) },
            { DestinationAddress, WireText.Bytes("topic:" + message.Topic) },
            { ContentType, Json },
            { MessageHeaders.Type, WireText.Bytes(message.Type) },
            { MessageHeaders.Version, WireText.Bytes(message.Version) },
            { MessageHeaders.Intent, WireText.Bytes(message.Intent) },
            { MessageHeaders.EntityId, WireText.Bytes(message.EntityId) },
            { MessageHeaders.EntityType, WireText.Bytes(message.EntityType) },
            { SentTime, WireText.Bytes(CloudEvents.CloudEventAttributes.TimeOf(message.Timestamp)) },
        };
        if (message.SchemaVersion > 1)
        {
            headers.Add(MessageHeaders.SchemaVersion, WireText.Bytes(message.SchemaVersion));
        }

        foreach (var (name, value) in message.Headers)
        {
            Add(headers, name, value);
        }

        return headers;
    }

    /// <summary>Our names for the ids are left out: to readers that ignore case they would be the same header twice.</summary>
    private static void Add(Headers headers, string name, string value)
    {
        var bytes = WireText.Bytes(value);
        switch (name)
        {
            case MessageHeaders.Source:
                break;
            case MessageHeaders.CorrelationId:
                headers.Add(ConversationId, bytes);
                if (Guid.TryParse(value, out _))
                {
                    headers.Add(CorrelationId, bytes);
                }

                break;
            case MessageHeaders.CausationId:
                headers.Add(InitiatorId, bytes);
                break;
            case MessageHeaders.TraceParent:
                headers.Add(ActivityId, bytes);
                headers.Add(name, bytes);
                break;
            default:
                headers.Add(name, bytes);
                break;
        }
    }

    private static string SourceOf(OutboxMessage message)
    {
        var source = CloudEvents.CloudEventAttributes.SourceOf(message);
        return Uri.TryCreate(source, UriKind.Absolute, out _) ? source : "service:" + source;
    }
}
