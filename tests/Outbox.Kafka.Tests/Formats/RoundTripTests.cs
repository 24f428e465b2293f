using System.Text;
using System.Text.Json;
using CsCheck;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Formats;

public sealed class RoundTripTests
{
    private static readonly Gen<string> Text = Gen.String[1, 30].Where(text => text.IsNormalizable() && text.Trim().Length > 0);

    private static readonly Gen<OutboxMessage> Messages =
        from format in Gen.Enum<MessageFormat>().Where(format => format != MessageFormat.Custom)
        from id in Gen.OneOf(Gen.Guid.Select(guid => guid.ToString()), Text)
        from entity in Text
        from entityType in Text
        from version in Gen.Long[1, long.MaxValue]
        from schema in Gen.Int[1, int.MaxValue]
        from command in Gen.Bool
        from type in Text
        from payload in Gen.OneOf(Text.Select(text => JsonSerializer.Serialize(text)), Gen.Int.Array.Select(numbers => JsonSerializer.Serialize(numbers)), Gen.Const((string?)null))
        from key in Gen.OneOf(Gen.Const((string?)null), Text!)
        from correlation in Gen.OneOf(Gen.Guid.Select(guid => guid.ToString()), Text)
        from cause in Text
        from milliseconds in Gen.Long[0, 4_000_000_000_000]
        select new OutboxMessage
        {
            MessageId = id,
            Lane = 0,
            Topic = "t",
            EntityType = entityType,
            EntityId = entity,
            Version = version,
            Ordinal = 0,
            SchemaVersion = schema,
            Intent = command ? MessageIntent.Command : MessageIntent.Event,
            Type = type,
            Payload = payload,
            PartitionKey = key,
            Format = format,
            Headers = new Dictionary<string, string> { ["correlationId"] = correlation, ["causationId"] = cause, ["own"] = entity },
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
        };

    [Fact]
    public void Reading_what_was_written_gives_back_every_field() => Messages.Sample(written =>
    {
        var wire = WireFormats.Write(written);
        var read = Wires.Read(wire);

        Assert.Equal(
            (written.MessageId, written.EntityId, written.Version, written.Type, written.SchemaVersion, written.Intent),
            (read.MessageId, read.EntityId, read.Version!.Value, read.Type, read.SchemaVersion, read.Intent!.Value));
        Assert.Equal(
            (written.Headers["correlationId"], written.Headers["causationId"], written.Timestamp),
            (read.CorrelationId, read.CausationId, read.Timestamp));
        Assert.Equal(written.Payload, read.Payload is { } payload ? Encoding.UTF8.GetString(payload.Span) : null);
        Assert.Equal(written.PartitionKey ?? written.EntityId, wire.Key);
        Assert.Equal(written.EntityId, Encoding.UTF8.GetString(wire.Headers.GetLastBytes("own")));
        Assert.Equal(written.Type, WireFormats.Of(Wires.Wire(wire)).TypeOf(Wires.Wire(wire)));
    });
}

internal static class TextExtensions
{
    /// <summary>Whether the text is Unicode at all: half a surrogate pair is not, and no format can carry it.</summary>
    public static bool IsNormalizable(this string text)
    {
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                return false;
            }
        }

        return true;
    }
}
