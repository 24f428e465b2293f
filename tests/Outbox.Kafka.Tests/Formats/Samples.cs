using System.Text.Json;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Formats;

public enum Priority
{
    Normal,
    VeryHigh,
}

/// <summary>Values whose JSON must never change: what is stored today must be read tomorrow.</summary>
public sealed record InvoiceIssued(
    string InvoiceId,
    decimal Amount,
    decimal Largest,
    long Counter,
    double Weight,
    DateTimeOffset IssuedAt,
    DateTime DueAt,
    DateOnly Day,
    TimeSpan Term,
    Guid Reference,
    Priority Priority,
    string? Note,
    IReadOnlyList<int> Lines);

internal static class Samples
{
    public static readonly InvoiceIssued Invoice = new(
        "INV-1",
        1234567.10m,
        decimal.MaxValue,
        long.MaxValue,
        0.1,
        new DateTimeOffset(2026, 3, 4, 5, 6, 7, 890, TimeSpan.FromHours(2)),
        new DateTime(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc),
        new DateOnly(2026, 3, 4),
        TimeSpan.FromDays(30),
        new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        Priority.VeryHigh,
        "Grüße, \"日本\" <b>",
        [1, 2, 3]);

    public static OutboxMessage Message(MessageFormat format, bool tombstone = false) => new()
    {
        MessageId = "01990000-0000-7000-8000-000000000001",
        Lane = 3,
        Topic = "invoices",
        EntityType = "invoice",
        EntityId = "INV-1",
        Version = 42,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "invoice-issued",
        SchemaVersion = 2,
        Format = format,
        Payload = tombstone ? null : JsonSerializer.Serialize(Invoice, MessageJson.Default),
        Headers = new Dictionary<string, string>
        {
            ["tenant"] = "acme",
            ["correlationId"] = "01990000-0000-7000-8000-00000000000c",
            ["causationId"] = "01990000-0000-7000-8000-00000000000b",
            ["source"] = "billing-service",
            ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        },
        Timestamp = new DateTimeOffset(2026, 3, 4, 3, 6, 7, 890, TimeSpan.Zero),
    };
}
