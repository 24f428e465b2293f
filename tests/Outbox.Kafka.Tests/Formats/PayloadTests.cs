using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Reading;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.Tests.Formats;

public sealed class PayloadTests
{
    [Fact]
    public void Unknown_fields_are_ignored_and_missing_optional_ones_defaulted() =>
        Assert.Equal(new Parcel("p1", Weight: 0, Note: null), Read("""{"parcelId":"p1","colour":"red"}""", schemaVersion: 2));

    [Fact]
    public void An_older_schema_is_upcast_before_it_is_read() =>
        Assert.Equal(new Parcel("p1", 7, null), Read("""{"id":"p1","weight":7}""", schemaVersion: 1));

    [Fact]
    public void A_newer_schema_is_unreadable_and_says_why()
    {
        var error = Assert.Throws<UnreadableMessageException>(() => Read("{}", schemaVersion: 3));

        Assert.Contains("schemaVersion is 3", error.Message, StringComparison.Ordinal);
    }

    private static object Read(string payload, int schemaVersion)
    {
        var registry = new ServiceCollection().AddOutbox(o => o.Topic("parcels", t => t.Message<Parcel>(configure: m =>
        {
            m.SchemaVersion = 2;
            m.Upcast(1, json =>
            {
                json["parcelId"] = json["id"]!.DeepClone();
                return json;
            });
        }))).BuildServiceProvider().GetRequiredService<MessageRegistry>();
        var envelope = new Envelope("m1", "p1", "parcel", 1, "parcel", DateTimeOffset.UnixEpoch, System.Text.Encoding.UTF8.GetBytes(payload)) { SchemaVersion = schemaVersion };
        return PayloadReader.Read(envelope, registry.Get(typeof(Parcel)));
    }

    public sealed record Parcel(string ParcelId, int Weight = 0, string? Note = null);
}
