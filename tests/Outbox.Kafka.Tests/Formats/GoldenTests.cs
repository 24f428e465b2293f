using System.Text.Json;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Formats;

public sealed class GoldenTests
{
    public static TheoryData<string, MessageFormat, bool> Files => new()
    {
        { "envelope", MessageFormat.Envelope, false },
        { "envelope.tombstone", MessageFormat.Envelope, true },
        { "cloudevents", MessageFormat.CloudEvents, false },
        { "cloudevents.tombstone", MessageFormat.CloudEvents, true },
        { "cloudevents-structured", MessageFormat.CloudEventsStructured, false },
        { "masstransit", MessageFormat.MassTransit, false },
        { "masstransit.tombstone", MessageFormat.MassTransit, true },
        { "cap", MessageFormat.Cap, false },
        { "cap.tombstone", MessageFormat.Cap, true },
    };

    public static IEnumerable<TheoryDataRow<string, MessageFormat, bool>> Before => Files.Where(file => file.Data.Item2 != MessageFormat.Cap);

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_written_is_the_golden_file(string name, MessageFormat format, bool tombstone)
    {
        var written = GoldenFile.Text(WireFormats.Write(Samples.Message(format, tombstone)));
        var path = GoldenFile.PathOf(name);
        if (Environment.GetEnvironmentVariable(GoldenFile.Accept) == "1")
        {
            File.WriteAllText(path, written);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), written);
    }

    [Theory]
    [MemberData(nameof(Before))]
    public void What_was_written_before_1_0_is_read_in_full(string name, MessageFormat format, bool tombstone) =>
        The_golden_file_is_read_in_full("Before1.0/" + name, format, tombstone);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_golden_file_is_read_in_full(string name, MessageFormat format, bool tombstone)
    {
        var message = GoldenFile.Parse(File.ReadAllText(GoldenFile.PathOf(name)));

        var read = Wires.Read(message);

        var written = Samples.Message(format, tombstone);
        Assert.Equal(
            (written.MessageId, written.EntityId, (long?)written.Version, written.Type, written.SchemaVersion, (MessageIntent?)written.Intent),
            (read.MessageId, read.EntityId, read.Version, read.Type, read.SchemaVersion, read.Intent));
        Assert.Equal(
            (written.Headers["correlationId"], written.Headers["causationId"], written.Headers["traceparent"], written.Timestamp),
            (read.CorrelationId, read.CausationId, read.TraceParent, read.Timestamp));
        if (tombstone)
        {
            Assert.Equal(new Tombstone<InvoiceIssued>("INV-1"), Content(read));
        }
        else
        {
            Assert.Equivalent(Samples.Invoice, Content(read), strict: true);
        }
    }

    [Fact]
    public void Stored_numbers_times_and_enums_keep_their_text() => Assert.Equal(
        """
        {"invoiceId":"INV-1","amount":1234567.10,"largest":79228162514264337593543950335,"counter":9223372036854775807,"weight":0.1,"issuedAt":"2026-03-04T05:06:07.89+02:00","dueAt":"2026-04-01T00:00:00Z","day":"2026-03-04","term":"30.00:00:00","reference":"0f8fad5b-d9cb-469f-a165-70867728950e","priority":"VeryHigh","note":"Grüße, \"日本\" <b>","lines":[1,2,3]}
        """,
        JsonSerializer.Serialize(Samples.Invoice, MessageJson.Default));

    private static object Content(Envelope envelope) => PayloadReader.Read(
        envelope, new MessageRegistration(typeof(InvoiceIssued), envelope.Type, "invoices", MessageIntent.Event, "invoice", MessageJson.Default) { SchemaVersion = 2 });
}
