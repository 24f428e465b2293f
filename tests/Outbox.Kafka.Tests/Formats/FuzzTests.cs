using System.Text;
using Confluent.Kafka;
using CsCheck;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Formats;

public sealed class FuzzTests
{
    private static readonly MessageRegistration Registration =
        new(typeof(InvoiceIssued), "invoice-issued", "invoices", MessageIntent.Event, "invoice", MessageJson.Default) { SchemaVersion = 2 };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string[] Names =
    [
        "messageId", "type", "version", "intent", "schemaVersion", "content-type", "entityId", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time",
        "ce_subject", "ce_sequence", "ce_intent", "ce_entitytype", "ce_schemaversion", "ce_traceparent", "MessageId", "DestinationAddress", "Content-Type", "ConversationId", "InitiatorId",
        "SentTime", "entityType", "traceparent", "tracestate", "correlationId", "other",
    ];

    private static readonly string[] Fields =
    [
        "messageId", "entityId", "entityType", "version", "intent", "type", "schemaVersion", "payload", "timestamp", "specversion", "id", "source", "subject", "partitionkey", "sequence",
        "entitytype", "schemaversion", "time", "traceparent", "correlationid", "datacontenttype", "data", "data_base64",
    ];

    private static readonly Gen<string> Values = One(
        "null", "true", "0", "-1", "1", "1.5", "1e400", "9223372036854775808", "\"\"", "\"1.0\"", "\"event\"", "\"7\"", "\"\\ud83d\"", "\"\\u0000\\u001b[2J\"", "\"2026-03-04T03:06:07Z\"",
        "\"9999-12-31T23:59:59-14:00\"", "\"application/json\"", "\"e30=\"", "{}", "[]", "{\"invoiceId\":\"\\ud83d\"}", "{\"\\u001b\":1}", "[[[[", "\"" + new string('x', 2_000) + "\"");

    private static readonly Gen<byte[]?> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 200]!,
        Gen.Const((byte[]?)null),
        Gen.Int[1_000, 9_000].Select(length => (byte[]?)Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("😀", length / 4)))),
        One("1.0", "application/json", "application/vnd.masstransit+json", "\u001b[2J", "application/cloudevents+json", "application/vnd.outbox.payload+json", "{}", "[]", "7", "event", "{\"specversion\":\"1.0\"}")
            .Select(text => (byte[]?)Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void G8_no_random_message_does_more_than_be_unreadable()
    {
        var messages =
            from key in Bytes
            from value in Bytes
            from headers in Gen.Select(One(Names), Bytes).Array[0, 12]
            from topicType in Gen.Bool
            from defaultType in Gen.Bool
            select (key, value, headers, topicType, defaultType);
        messages.Sample(
            message =>
            {
                var headers = new Headers();
                foreach (var (name, bytes) in message.headers)
                {
                    headers.Add(name, bytes);
                }

                ReadOrRefuse(new WireMessage(message.key, message.value, new WireHeaders(headers), DateTimeOffset.UnixEpoch, message.topicType ? "invoice-issued" : null)
                {
                    DefaultType = message.defaultType ? "invoice-issued" : null,
                });
            },
            iter: 20_000);
    }

    [Fact]
    public void G8_no_object_of_known_fields_with_random_values_does_more_than_be_unreadable()
    {
        var messages =
            from fields in Gen.Select(One(Fields), Values).Array[0, 16]
            from cloudEvent in Gen.Bool
            from defaultType in Gen.Bool
            select (fields, cloudEvent, defaultType);
        messages.Sample(
            message =>
            {
                var value = "{" + string.Join(",", message.fields.Select(field => $"\"{field.Item1}\":{field.Item2}")) + "}";
                var headers = new Headers();
                headers.Add(message.cloudEvent ? "content-type" : "messageId", "application/cloudevents+json"u8.ToArray());
                ReadOrRefuse(new WireMessage([0xFF], Encoding.UTF8.GetBytes(value), new WireHeaders(headers), DateTimeOffset.UnixEpoch, null));
                ReadOrRefuse(new WireMessage([0xFF], Encoding.UTF8.GetBytes(value), new WireHeaders([]), DateTimeOffset.UnixEpoch, null)
                {
                    DefaultType = message.defaultType ? "invoice-issued" : null,
                });
            },
            iter: 20_000);
    }

    [Fact]
    public void G8_no_damaged_message_does_more_than_be_unreadable()
    {
        var damages =
            from format in Gen.Enum<MessageFormat>().Where(format => format != MessageFormat.Custom)
            from tombstone in Gen.Bool
            from header in Gen.Int[0, 20]
            from headerBytes in Bytes
            from edits in Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 3]).Array[0, 5]
            select (format, tombstone, header, headerBytes, edits);
        damages.Sample(
            damage =>
            {
                var message = WireFormats.Write(Samples.Message(damage.format, damage.tombstone));
                var value = message.Value?.ToList();
                foreach (var (place, with, how) in damage.edits)
                {
                    Edit(value, place, with, how);
                }

                ReadOrRefuse(new WireMessage(
                    "INV-1"u8.ToArray(), value?.ToArray(), new WireHeaders(WithDamaged(message.Headers, damage.header, damage.headerBytes)), DateTimeOffset.UnixEpoch, null));
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void G9_deep_and_long_values_cost_no_more_than_a_few_times_their_size(char opening)
    {
        var value = Encoding.UTF8.GetBytes("{\"payload\":" + new string(opening, 1_000_000));
        var wire = new WireMessage(null, value, new WireHeaders([]), DateTimeOffset.UnixEpoch, null);
        Assert.Throws<UnreadableMessageException>(() => Wires.Read(wire));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<UnreadableMessageException>(() => Wires.Read(wire));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20 * value.Length);
    }

    private static Gen<string> One(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(choice => choices[choice]);

    private static void ReadOrRefuse(in WireMessage wire)
    {
        try
        {
            _ = WireFormats.Of(wire).TypeOf(wire);
            var envelope = Wires.Read(wire);
            Assert.True(envelope.MessageId.Length <= WireLimits.Id && envelope.EntityId.Length <= WireLimits.Id && envelope.Type.Length <= WireLimits.Name);
            PayloadReader.Read(envelope, Registration);
        }
        catch (UnreadableMessageException error)
        {
            Assert.True(error.Message.Length < 6_500, "An error must not repeat a message of any size.");
            Assert.DoesNotContain(error.Message, char.IsControl);
            // A database refuses half a character, and then nothing could be parked.
            Strict.GetBytes(error.Message);
        }
    }

    private static void Edit(List<byte>? value, double place, byte with, int how)
    {
        if (value is not { Count: > 0 })
        {
            return;
        }

        var at = (int)(place * (value.Count - 1));
        switch (how)
        {
            case 0: value[at] = with; break;
            case 1: value.RemoveAt(at); break;
            case 2: value.Insert(at, with); break;
            default: value.RemoveRange(at, value.Count - at); break;
        }
    }

    private static Headers WithDamaged(Headers headers, int index, byte[]? bytes)
    {
        var damaged = new Headers();
        foreach (var (header, i) in headers.Select((header, i) => (header, i)))
        {
            damaged.Add(header.Key, i == index ? bytes : header.GetValueBytes());
        }

        return damaged;
    }
}
