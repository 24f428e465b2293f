using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats;

/// <summary>
/// What CAP's Kafka transport writes and reads: the value is the payload, and the rest are headers. CAP finds a subscriber by the topic's name; ours adds <c>type</c>, <c>version</c> and what else our
/// consumers need, in names that it does not use. CAP adds <c>cap-msg-group</c> when it reads, and fails if it is there.
/// </summary>
internal sealed class CapFormat : IRecordFormat
{
    private const string MessageId = "cap-msg-id";
    private const string Name = "cap-msg-name";
    private const string Type = "cap-msg-type";
    private const string CorrelationId = "cap-corr-id";
    private const string CorrelationSequence = "cap-corr-seq";
    private const string SentTime = "cap-senttime";

    private static readonly byte[] First = "0"u8.ToArray();

    public Message<string, byte[]?> Write(OutboxMessage message) => new()
    {
        Key = message.PartitionKey ?? message.EntityId,
        Value = message.Payload is null ? null : WireText.Bytes(message.Payload),
        Headers = WriteHeaders(message),
        Timestamp = new Timestamp(message.Timestamp),
    };

    public bool Wrote(WireHeaders headers) => (headers.Has(MessageId) || headers.Has(Name)) && !headers.Has(MessageHeaders.MessageId);

    /// <summary>An application may send headers of our names with messages of its own; they do not mean what ours do.</summary>
    public string? TypeOf(in WireMessage message) =>
        IsOurs(message.Headers) ? message.Headers.Type(MessageHeaders.Type) : message.TopicType ?? (message.Headers.Type(Type) is { Length: > 0 } type ? Kebab(type) : null);

    public Envelope Read(in WireMessage message)
    {
        var headers = message.Headers;
        var type = TypeOf(message) ?? throw new UnreadableMessageException(
            $"The header '{Type}' is missing, and the topic has not one registered message type but none or several.");
        return new Envelope(
            headers.Id(MessageId),
            (IsOurs(headers) ? headers.Find(MessageHeaders.EntityId) : null) ?? WireKey.Text(message.Key),
            IsOurs(headers) ? headers.Find(MessageHeaders.EntityType) ?? "" : "",
            IsOurs(headers) ? headers.Version(MessageHeaders.Version) : null,
            type,
            SentAt(headers) ?? message.Time,
            message.Payload)
        {
            Intent = IsOurs(headers) ? WireText.Intent(headers.Find(MessageHeaders.Intent), $"header '{MessageHeaders.Intent}'") : null,
            SchemaVersion = IsOurs(headers) ? headers.SchemaVersion(MessageHeaders.SchemaVersion) : 1,
            CorrelationId = headers.Find(CorrelationId),
            CausationId = IsOurs(headers) ? headers.Find(MessageHeaders.CausationId) : null,
            TraceParent = headers.Hint(MessageHeaders.TraceParent),
            TraceState = headers.Hint(MessageHeaders.TraceState),
        };
    }

    /// <summary>Whether our relay wrote it: it writes all of these, and no application all of them by chance.</summary>
    private static bool IsOurs(WireHeaders headers) =>
        headers.Has(MessageHeaders.Type) && headers.Has(MessageHeaders.Version) && headers.Has(MessageHeaders.Intent) && headers.Has(MessageHeaders.EntityId) && headers.Has(MessageHeaders.EntityType);

    /// <summary>The name of a .NET type, with or without its namespace, as it is registered here when nothing else is said.</summary>
    private static string Kebab(string type)
    {
        var end = type.IndexOfAny(['`', '[', ',']);
        var name = end < 0 ? type : type[..end];
        return JsonNamingPolicy.KebabCaseLower.ConvertName(name[(name.LastIndexOfAny(['.', '+']) + 1)..]);
    }

    /// <summary>CAP writes it in the culture of its process: what is not certain is not taken.</summary>
    private static DateTimeOffset? SentAt(WireHeaders headers) =>
        DateTimeOffset.TryParseExact(headers.Hint(SentTime), "o", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static Headers WriteHeaders(OutboxMessage message)
    {
        var headers = new Headers
        {
            { MessageId, WireText.Bytes(message.MessageId) },
            { Name, WireText.Bytes(message.Topic) },
            { Type, WireText.Bytes(message.Type) },
            { CorrelationId, WireText.Bytes(message.Headers.GetValueOrDefault(MessageHeaders.CorrelationId, message.MessageId)) },
            { SentTime, WireText.Bytes(message.Timestamp.UtcDateTime.ToString("o", CultureInfo.InvariantCulture)) },
            { MessageHeaders.Type, WireText.Bytes(message.Type) },
            { MessageHeaders.Version, WireText.Bytes(message.Version) },
            { MessageHeaders.Intent, WireText.Bytes(message.Intent) },
            { MessageHeaders.EntityId, WireText.Bytes(message.EntityId) },
            { MessageHeaders.EntityType, WireText.Bytes(message.EntityType) },
        };
        if (!message.Headers.ContainsKey(CorrelationSequence))
        {
            headers.Add(CorrelationSequence, First);
        }

        if (message.SchemaVersion > 1)
        {
            headers.Add(MessageHeaders.SchemaVersion, WireText.Bytes(message.SchemaVersion));
        }

        foreach (var (name, value) in message.Headers)
        {
            if (name is not (MessageHeaders.CorrelationId or MessageHeaders.Source))
            {
                headers.Add(name, WireText.Bytes(value));
            }
        }

        return headers;
    }
}
