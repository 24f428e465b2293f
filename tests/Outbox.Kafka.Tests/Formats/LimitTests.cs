using System.Text;
using Confluent.Kafka;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>What whoever may write to a topic could do to its readers.</summary>
public sealed class LimitTests
{
    private static readonly string TooLong = new('x', WireLimits.Id + 1);

    public static TheoryData<MessageFormat, string> LongHeaders => new()
    {
        { MessageFormat.Envelope, "type" },
        { MessageFormat.Envelope, "correlationId" },
        { MessageFormat.CloudEvents, "ce_id" },
        { MessageFormat.CloudEvents, "ce_type" },
        { MessageFormat.CloudEvents, "ce_subject" },
        { MessageFormat.CloudEvents, "ce_entitytype" },
        { MessageFormat.CloudEvents, "ce_correlationid" },
        { MessageFormat.CloudEvents, "ce_causationid" },
        { MessageFormat.MassTransit, "MessageId" },
        { MessageFormat.MassTransit, "type" },
        { MessageFormat.MassTransit, "entityId" },
        { MessageFormat.MassTransit, "entityType" },
        { MessageFormat.MassTransit, "ConversationId" },
        { MessageFormat.MassTransit, "InitiatorId" },
    };

    [Theory]
    [MemberData(nameof(LongHeaders))]
    public void A_header_that_is_kept_has_a_length(MessageFormat format, string header)
    {
        var message = WireFormats.Write(Samples.Message(format));
        message.Headers.Remove(header);
        message.Headers.Add(header, Encoding.UTF8.GetBytes(TooLong));

        Unreadable(message, "at most");

        message.Headers.Remove(header);
        message.Headers.Add(header, new byte[WireLimits.Header + 1]);
        Unreadable(message, $"'{header}' has {WireLimits.Header + 1} bytes");
    }

    [Theory]
    [InlineData(MessageFormat.Envelope, "\"messageId\":\"")]
    [InlineData(MessageFormat.Envelope, "\"entityId\":\"")]
    [InlineData(MessageFormat.Envelope, "\"entityType\":\"")]
    [InlineData(MessageFormat.Envelope, "\"type\":\"")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"id\":\"")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"subject\":\"")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"type\":\"")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"entitytype\":\"")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"correlationid\":\"")]
    public void A_field_that_is_kept_has_a_length(MessageFormat format, string field)
    {
        var message = WireFormats.Write(Samples.Message(format));
        message.Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Value!).Replace(field, field + TooLong, StringComparison.Ordinal));

        Unreadable(message, "at most");
    }

    [Fact]
    public void A_key_that_is_kept_has_a_length()
    {
        var tombstone = WireFormats.Write(Samples.Message(MessageFormat.Envelope, tombstone: true));
        tombstone.Key = TooLong;
        Unreadable(tombstone, "entity id has 1025 characters");
        tombstone.Key = new string('x', 10_000);
        Unreadable(tombstone, "key");
        tombstone.Key = new string('ü', WireLimits.Id);
        Assert.Equal(tombstone.Key, Wires.Read(tombstone).EntityId);
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.MassTransit)]
    public void Headers_are_counted_before_they_are_read(MessageFormat format)
    {
        var message = WireFormats.Write(Samples.Message(format));
        for (var i = 0; i < WireLimits.Headers; i++)
        {
            message.Headers.Add("h", []);
        }

        Unreadable(message, $"at most {WireLimits.Headers}");
    }

    [Theory]
    [InlineData(MessageFormat.Envelope, "\"type\":\"invoice-issued\"", "'type' comes twice")]
    [InlineData(MessageFormat.Envelope, "\"entityId\":\"INV-1\"", "'entityId' comes twice")]
    [InlineData(MessageFormat.Envelope, "\"version\":42", "'version' comes twice")]
    [InlineData(MessageFormat.Envelope, "\"intent\":\"event\"", "'intent' comes twice")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"id\":\"01990000-0000-7000-8000-000000000001\"", "'id' comes twice")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"specversion\":\"1.0\"", "'specversion' comes twice")]
    [InlineData(MessageFormat.CloudEventsStructured, "\"datacontenttype\":\"application/json\"", "'datacontenttype' comes twice")]
    public void A_field_that_comes_twice_is_not_read_as_either(MessageFormat format, string field, string error)
    {
        var message = WireFormats.Write(Samples.Message(format));
        message.Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Value!).Replace(field, field + "," + field.Replace("INV-1", "INV-2", StringComparison.Ordinal), StringComparison.Ordinal));
        Unreadable(message, error);
    }

    [Fact]
    public void A_field_that_comes_twice_is_found_however_its_name_is_written()
    {
        var message = WireFormats.Write(Samples.Message(MessageFormat.Envelope));
        message.Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Value!).Replace("\"type\":", "\"t\\u0079pe\":\"other\",\"type\":", StringComparison.Ordinal));
        Unreadable(message, "'type' comes twice");
    }

    [Theory]
    [InlineData("\"version\":42", "\"version\":9223372036854775808")]
    [InlineData("\"version\":42", "\"version\":1e400")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":4294967298")]
    [InlineData("\"timestamp\":\"2026", "\"timestamp\":\"99999")]
    public void A_number_beyond_its_range_is_unreadable(string part, string replacement)
    {
        var message = WireFormats.Write(Samples.Message(MessageFormat.Envelope));
        message.Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Value!).Replace(part, replacement, StringComparison.Ordinal));
        Unreadable(message, "envelope's '");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(253_402_300_800_000)]
    public void A_record_of_an_impossible_time_has_none(long milliseconds) => Assert.Null(WireText.Time(new Timestamp(milliseconds, TimestampType.CreateTime)));

    [Fact]
    public void A_records_time_is_kept() =>
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_772_593_567_890), WireText.Time(new Timestamp(1_772_593_567_890, TimestampType.CreateTime)));

    [Fact]
    public void What_a_message_says_reaches_no_log_raw()
    {
        var message = WireFormats.Write(Samples.Message(MessageFormat.CloudEvents));
        message.Headers.Remove("ce_intent");
        message.Headers.Add("ce_intent", Encoding.UTF8.GetBytes("\u001b[2J\r\nERROR all is lost \u202Eevil\u2028\u0085\u200B 😀 é"));

        var error = Unreadable(message, "\\u001B[2J\\u000D\\u000AERROR all is lost \\u202Eevil\\u2028\\u0085\\u200B 😀 é");
        Assert.DoesNotContain(error, char.IsControl);
    }

    [Fact]
    public void A_text_is_never_cut_within_a_character()
    {
        Assert.Equal(("aa…", "aa😀", "aa😀"), (WireText.Short("aa😀", 3), WireText.Short("aa😀", 4), WireText.Clean("aa😀")));
        Assert.Equal(("a\\uD83D", "\\uDE00a"), (WireText.Clean("a" + "😀"[..1]), WireText.Clean("😀"[1..] + "a")));
    }

    private static string Unreadable(Message<string, byte[]?> message, string says)
    {
        var error = Assert.Throws<UnreadableMessageException>(() =>
        {
            var wire = Wires.Wire(message);
            _ = WireFormats.Of(wire).TypeOf(wire);
            Wires.Read(wire);
        }).Message;
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.True(error.Length < 1_000, "An error must not repeat a message of any size.");
        return error;
    }
}
