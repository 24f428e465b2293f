using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>The official SDK is the judge of whether our events are CloudEvents.</summary>
public sealed class CloudEventsSdkTests
{
    private static readonly JsonEventFormatter Formatter = new();

    [Fact]
    public void The_official_SDK_reads_what_we_write_in_structured_mode()
    {
        var message = WireFormats.Write(Samples.Message(MessageFormat.CloudEventsStructured));

        var read = Formatter.DecodeStructuredModeMessage(
            message.Value, new ContentType(Encoding.UTF8.GetString(message.Headers.GetLastBytes("content-type"))), extensionAttributes: null);

        Check(read);
        Assert.Equal("INV-1", ((JsonElement)read.Data!).GetProperty("invoiceId").GetString());
    }

    [Fact]
    public void The_official_SDK_accepts_every_attribute_we_write_in_binary_mode()
    {
        var message = WireFormats.Write(Samples.Message(MessageFormat.CloudEvents));

        var read = new CloudEvent(CloudEventsSpecVersion.V1_0);
        foreach (var header in message.Headers.Where(header => header.Key.StartsWith("ce_", StringComparison.Ordinal) && header.Key != "ce_specversion"))
        {
            read.SetAttributeFromString(header.Key[3..], Encoding.UTF8.GetString(header.GetValueBytes()));
        }

        Check(read);
    }

    [Fact]
    public void We_read_what_the_official_SDK_writes()
    {
        var foreign = new CloudEvent
        {
            Id = "7",
            Source = new Uri("https://shop.example/billing"),
            Type = "invoice-issued",
            Subject = "INV-9",
            Time = Samples.Invoice.IssuedAt,
            DataContentType = "application/json",
            Data = Samples.Invoice,
        };
        foreign.SetAttributeFromString("sequence", "0000012");
        var value = Formatter.EncodeStructuredModeMessage(foreign, out var contentType);

        var read = Wires.Read(Wires.Foreign(Encoding.UTF8.GetString(value.Span), ("content-type", contentType.ToString())));

        Assert.Equal(("https://shop.example/billing#7", "INV-9", 12L, "invoice-issued"), (read.MessageId, read.EntityId, read.Version, read.Type));
        Assert.Equal(Samples.Invoice.IssuedAt, read.Timestamp);
    }

    private static void Check(CloudEvent read)
    {
        Assert.True(read.IsValid);
        Assert.Equal(
            ("01990000-0000-7000-8000-000000000001", "invoice-issued", "billing-service", "INV-1"),
            (read.Id, read.Type, read.Source?.ToString(), read.Subject));
        Assert.Equal(Samples.Message(MessageFormat.CloudEvents).Timestamp, read.Time);
        Assert.Equal("0000000000000000042", read["sequence"]);
        Assert.Equal("INV-1", read["partitionkey"]);
        Assert.Equal("01990000-0000-7000-8000-00000000000c", read["correlationid"]);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c", (string?)read["traceparent"], StringComparison.Ordinal);
    }
}
