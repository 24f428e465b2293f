using CsCheck;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>Keys of other producers are whatever their serializers make.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData("0000002A", "bytes:0000002a")]
    [InlineData("00000000000000C8", "bytes:00000000000000c8")]
    [InlineData("5BAD8F0FD9CB9F46A16570867728950E", "bytes:5bad8f0fd9cb9f46a16570867728950e")]
    [InlineData("0000000001", "bytes:0000000001")]
    [InlineData("C3A4", "ä")]
    [InlineData("6F2D31", "o-1")]
    [InlineData("", "")]
    public void A_key_that_is_not_text_is_an_entity_id_all_the_same(string key, string entityId) => Assert.Equal(entityId, WireKey.Text(Convert.FromHexString(key)));

    [Fact]
    public void No_key_is_no_entity() => Assert.Equal("", WireKey.Text(null));

    [Fact]
    public void Different_keys_are_different_entities() => Gen.Select(Gen.Byte.Array[0, 20], Gen.Byte.Array[0, 20]).Sample(
        (one, other) => one.AsSpan().SequenceEqual(other) == (WireKey.Text(one) == WireKey.Text(other)), iter: 20_000);

    [Fact]
    public void In_every_format_that_takes_the_key_for_the_entity_it_may_be_bytes()
    {
        byte[] key = [0xFF, 0x00, 0x2A];
        (string, string)[][] headers =
        [
            [("ce_specversion", "1.0"), ("ce_id", "7"), ("ce_source", "urn:shop"), ("ce_type", "order-placed")],
            [("MessageId", "m1"), ("type", "order-placed")],
            [("messageId", "m1"), ("type", "order-placed"), ("content-type", "application/vnd.outbox.payload+json")],
            [],
        ];
        foreach (var names in headers)
        {
            var wire = Wires.Wire(Wires.Foreign("{}", names)) with { Key = key, DefaultType = "order-placed" };
            Assert.Equal("bytes:ff002a", Wires.Read(wire).EntityId);
        }
    }
}
