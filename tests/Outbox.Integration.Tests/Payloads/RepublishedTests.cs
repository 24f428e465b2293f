using Microsoft.Extensions.DependencyInjection;
using Outbox.History.Replaying;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.History.Replaying;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Payloads;

/// <summary>Kept events that are published again, on their topic and on a history's, go through what their topic's payloads go through.</summary>
public sealed class RepublishedTests
{
    /// <summary>As many bytes as an order has whose amount has one digit.</summary>
    private const int OneDigit = 26;

    private static readonly long[] Versions = [.. Enumerable.Range(1, 12)];

    private readonly RotatingKeys _keys = RotatingKeys.With("k1");

    [Fact]
    public async Task A_history_is_replayed_encrypted_and_what_is_large_is_claimed_again()
    {
        var (place, into) = await HistoryReplayTests.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, a => a.ReplayPerSecond = 1_000, outbox: o => Owner(o, place));
        await using var asking = await AskingInstance.StartAsync(
            Instances.Other(place), s => s.AskOwner = TimeSpan.FromHours(1), withHistory: true, outbox: o => Reader(o, place));
        await owner.LoseAsync("o", Versions);

        await asking.Services.GetRequiredService<IHistoryRequests>().AskAsync(place.Topic, asking.Group);

        await asking.HasAsync("o", Versions);
        Expect(place, into);
    }

    [Fact]
    public async Task Missed_versions_come_back_encrypted_and_what_is_large_is_claimed_again()
    {
        var place = await Instances.PlaceAsync();
        await using var owner = await OwnerInstance.StartAsync(place, outbox: o => Owner(o, place));
        await using var asking = await AskingInstance.StartAsync(Instances.Other(place), outbox: o => Reader(o, place));
        await owner.PublishAsync("o", 1);
        await owner.LoseAsync("o", Versions[1..]);

        await owner.PublishAsync("o", 13);

        await asking.HasAsync("o", [.. Versions, 13]);
        Expect(place, place.Topic);
    }

    private static void Expect(TestPlace place, string topic)
    {
        var records = KafkaLog.Read(place.Kafka, topic).Where(record => record.Header(MessageHeaders.Type) == "order-placed").ToList();
        Assert.All(records, record => Assert.Equal(
            int.Parse(record.Header(MessageHeaders.Version)!, System.Globalization.CultureInfo.InvariantCulture) > 9 ? "aes-gcm,claim" : "aes-gcm", record.Header(MessageHeaders.PayloadEncoding)));
        Assert.Equal(Versions.Length, records.Select(record => record.Header(MessageHeaders.Version)).Distinct().Count(version => version != "13"));
    }

    private void Owner(OutboxConfigurator o, TestPlace place)
    {
        o.Payloads(p => p.UseKeys(_keys));
        o.Topic(place.Topic, t =>
        {
            t.Encrypt();
            t.ClaimCheck(c => c.AboveBytes = OneDigit);
        });
    }

    private void Reader(OutboxConfigurator o, TestPlace place)
    {
        o.Payloads(p =>
        {
            p.UseKeys(_keys);
            p.AddMongoDbStore("theirs", place.MongoDb, place.Database);
        });
        o.Topic(place.Topic, t => t.ClaimCheck(c => c.Store = "theirs"));
    }
}
