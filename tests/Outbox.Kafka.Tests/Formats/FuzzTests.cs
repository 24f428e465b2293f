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

    private static readonly string[] Names =
    [
        "messageId", "type", "version", "intent", "schemaVersion", "content-type", "entityId", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time",
        "ce_subject", "ce_sequence", "ce_intent", "MessageId", "ConversationId", "SentTime", "other",
    ];

    private static readonly Gen<byte[]?> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 200]!,
        Gen.Const((byte[]?)null),
        One("1.0", "application/cloudevents+json", "application/vnd.outbox.payload+json", "{}", "[]", "7", "event", "{\"specversion\":\"1.0\"}")
            .Select(text => (byte[]?)Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void G8_no_random_message_does_more_than_be_unreadable()
    {
        var messages =
            from key in Bytes
            from value in Bytes
            from headers in Gen.Select(One(Names), Bytes).Array[0, 12]
            select (key, value, headers);
        messages.Sample(
            message =>
            {
                var headers = new Headers();
                foreach (var (name, bytes) in message.headers)
                {
                    headers.Add(name, bytes);
                }

                ReadOrRefuse(new WireMessage(message.key, message.value, new WireHeaders(headers), DateTimeOffset.UnixEpoch, null));
            },
            iter: 20_000);
    }

    [Fact]
    public void G8_no_damaged_message_does_more_than_be_unreadable()
    {
        var damages =
            from format in Gen.Enum<MessageFormat>()
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
            PayloadReader.Read(Wires.Read(wire), Registration);
        }
        catch (UnreadableMessageException error)
        {
            Assert.True(error.Message.Length < 2_000, "An error must not repeat a message of any size.");
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
