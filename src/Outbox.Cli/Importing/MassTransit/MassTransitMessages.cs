using System.Text.Json;
using MongoDB.Bson;
using Outbox.Cli.Importing.Pending;
using Outbox.Cli.Importing.Rules;
using Outbox.Messages;

namespace Outbox.Cli.Importing.MassTransit;

/// <summary>Reads documents of MassTransit's <c>OutboxMessage</c>.</summary>
internal static class MassTransitMessages
{
    private const string Envelope = "application/vnd.masstransit+json";
    private const string Urn = "urn:message:";
    private const string ActivityId = "MT-Activity-Id";

    public static PendingDocument Read(BsonDocument document)
    {
        try
        {
            var unit = UnitOf(document);
            return unit.IsBsonNull
                ? PendingDocument.Unreadable(document, "has neither an OutboxId nor an InboxMessageId and InboxConsumerId: it is no message of MassTransit's outbox")
                : new PendingDocument(document["_id"], PendingState.Ready) { Unit = unit, Message = MessageOf(document) };
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return PendingDocument.Unreadable(document, error.Message);
        }
    }

    /// <summary>What the old relay locks: the outbox of a scope, or the inbox record of a consumed message.</summary>
    private static BsonValue UnitOf(BsonDocument document) =>
        document.Id("OutboxId") is not null ? new BsonDocument("_id", document["OutboxId"])
        : document.Id("InboxMessageId") is not null && document.Id("InboxConsumerId") is not null
            ? new BsonDocument { { "MessageId", document["InboxMessageId"] }, { "ConsumerId", document["InboxConsumerId"] } }
            : BsonNull.Value;

    private static PendingMessage MessageOf(BsonDocument document)
    {
        var id = document.Id("MessageId") ?? throw new FormatException("MessageId is missing");
        var types = document.Text("MessageType")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var (payload, inBody) = Payload(document);
        var name = (types.Length > 0 ? types : inBody) is [var first, ..] ? first : throw new FormatException("MessageType is missing");
        var type = name.StartsWith(Urn, StringComparison.Ordinal) ? name[Urn.Length..] : name;
        return new PendingMessage(id.ToString(), type, payload)
        {
            Aliases = [name, type.Replace(':', '.'), SourceNames.Simple(type)],
            Type = SourceNames.Kebab(type),
            Topic = TopicOf(document.Text("DestinationAddress")),
            Key = null,
            CorrelationId = (document.Id("ConversationId") ?? document.Id("CorrelationId"))?.ToString(),
            CausationId = document.Id("InitiatorId")?.ToString(),
            SentAt = document.Time("SentTime") ?? throw new FormatException("SentTime is missing"),
            NotBefore = document.Time("EnqueueTime"),
            ExpiresAt = document.Time("ExpirationTime"),
            Headers = Headers(document),
        };
    }

    private static (string Payload, string[] Types) Payload(BsonDocument document)
    {
        var (body, contentType) = (document.Needed("Body"), document.Text("ContentType") ?? Envelope);
        var mediaType = contentType.Split(';')[0].Trim().ToLowerInvariant();
        if (mediaType is not (Envelope or "application/json" or "application/vnd.masstransit.raw+json"))
        {
            throw new FormatException($"its body is {contentType}, and only JSON can be read");
        }

        using var json = JsonDocument.Parse(body);
        if (mediaType != Envelope)
        {
            return (body, []);
        }

        var types = json.RootElement.TryGetProperty("messageType", out var named) && named.ValueKind == JsonValueKind.Array ? named.EnumerateArray().Select(type => type.GetString() ?? "").ToArray() : [];
        return json.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
            ? (message.GetRawText(), types)
            : throw new FormatException("its body has no message");
    }

    /// <summary>What MassTransit has a place for and ours not travels as the headers that our own capture writes.</summary>
    private static Dictionary<string, string> Headers(BsonDocument document)
    {
        var headers = new Dictionary<string, string>();
        if (document.Text("Headers") is { Length: > 0 } text)
        {
            using var json = JsonDocument.Parse(text);
            foreach (var (name, value) in StoredFields.Headers(json.RootElement))
            {
                if (!ReservedHeaders.Contains(name) || ReservedHeaders.IsMassTransits(name))
                {
                    headers[name] = value;
                }
            }
        }

        if (headers.Remove(ActivityId, out var trace))
        {
            headers[MessageHeaders.TraceParent] = trace;
        }

        Add("requestId", document.Id("RequestId")?.ToString());
        Add("responseAddress", document.Text("ResponseAddress"));
        Add("faultAddress", document.Text("FaultAddress"));
        Add("MT-CorrelationId", document.Id("ConversationId") is null ? null : document.Id("CorrelationId")?.ToString());
        return headers;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers[name] = value;
            }
        }
    }

    /// <summary>An address names a topic only where the transport has topics of that name: a rider's.</summary>
    private static string? TopicOf(string? address) =>
        address is null ? null
        : address.StartsWith("topic:", StringComparison.Ordinal) ? address["topic:".Length..]
        : address.Split("/kafka/") is [_, { Length: > 0 } topic] ? topic : null;
}
