using Outbox.Payloads;

namespace Outbox.Messages;

/// <summary>Names of the Kafka headers that the framework writes and reads.</summary>
public static class MessageHeaders
{
    /// <summary>The message's unique id.</summary>
    public const string MessageId = "messageId";

    /// <summary>The entity, on transports that have no key.</summary>
    public const string EntityId = "entityId";

    /// <summary>What the entity id names, where the value does not say it.</summary>
    public const string EntityType = "entityType";

    /// <summary>The message type's name.</summary>
    public const string Type = "type";

    /// <summary>The entity's version, as decimal digits.</summary>
    public const string Version = "version";

    /// <summary><c>event</c> or <c>command</c>.</summary>
    public const string Intent = "intent";

    /// <summary>The version of the payload's schema, as decimal digits; 1 when missing.</summary>
    public const string SchemaVersion = "schemaVersion";

    /// <summary>The service that captured the message, in formats that have a place for it.</summary>
    public const string Source = "source";

    /// <summary>The transforms that the payload has gone through, in their order, as in HTTP's <c>content-encoding</c>: <c>zstd,aes-gcm</c>.</summary>
    public const string PayloadEncoding = PayloadContext.HeaderPrefix + "encoding";

    /// <summary>The id of the key that the payload is encrypted with.</summary>
    public const string PayloadKey = PayloadContext.HeaderPrefix + "key";

    /// <summary>When a transformed payload's message was captured, in formats that have the time in the value.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The media type of the value.</summary>
    public const string ContentType = "content-type";

    /// <summary>The conversation that the message belongs to.</summary>
    public const string CorrelationId = "correlationId";

    /// <summary>The message that caused this one.</summary>
    public const string CausationId = "causationId";

    /// <summary>Where an answer to a request is sent on the bus.</summary>
    public const string ReplyTo = "replyTo";

    /// <summary>The only endpoint that the message is for, by its name (its Kafka group): what a consumer schedules for itself. Others skip it.</summary>
    public const string Endpoint = "outbox.endpoint";

    /// <summary>The only endpoint that a message is repeated for, by its name (its Kafka group), because it had asked for what it missed. Others skip it.</summary>
    public const string ReplayFor = "replayFor";

    /// <summary>W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>W3C trace context, vendor part.</summary>
    public const string TraceState = "tracestate";

    /// <summary>W3C baggage.</summary>
    public const string Baggage = "baggage";
}
