using System.Globalization;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.CloudEvents;

/// <summary>Our fields as CloudEvents 1.0 attributes; both modes have the same. Extensions follow the documented ones where there are any.</summary>
internal static class CloudEventAttributes
{
    public const string Prefix = "ce_";
    public const string Json = "application/json";
    public const string SpecVersion = "specversion";
    public const string Id = "id";
    public const string Source = "source";
    public const string Type = "type";
    public const string Time = "time";
    public const string Subject = "subject";
    public const string PartitionKey = "partitionkey";
    public const string Sequence = "sequence";
    public const string Intent = "intent";
    public const string EntityType = "entitytype";
    public const string SchemaVersion = "schemaversion";
    public const string CorrelationId = "correlationid";
    public const string CausationId = "causationid";
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";

    /// <summary>As wide as any version, so that text order is version order.</summary>
    public static string SequenceOf(long version) => version.ToString("D19", CultureInfo.InvariantCulture);

    public static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The attribute that carries a header of ours; <see langword="null"/> for a user's own header.</summary>
    public static string? Of(string header) => header switch
    {
        MessageHeaders.CorrelationId => CorrelationId,
        MessageHeaders.CausationId => CausationId,
        MessageHeaders.TraceParent => TraceParent,
        MessageHeaders.TraceState => TraceState,
        MessageHeaders.Source => Source,
        _ => null,
    };

    /// <summary>Trace context is repeated as plain headers, where tracing tools look for it.</summary>
    public static bool IsHeader(string header) => header is MessageHeaders.TraceParent or MessageHeaders.TraceState || Of(header) is null;

    public static string SourceOf(OutboxMessage message) =>
        message.Headers.TryGetValue(MessageHeaders.Source, out var source) ? source : Uri.EscapeDataString(message.EntityType);

    /// <summary>Whether the value of this media type is JSON; none at all is.</summary>
    public static bool IsJson(string? mediaType)
    {
        var type = mediaType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.IsEmpty || type.Equals(Json, StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}
