using System.Text;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.GridFS;
using Outbox.Integration.Tests.Delivery;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using static Outbox.Integration.Tests.Payloads.Producing;

namespace Outbox.Integration.Tests.Payloads;

/// <summary>Payloads that are too large for Kafka, from a database through a reference to another service.</summary>
public sealed class ClaimTests
{
    private static readonly string Large = new('x', 5_000_000);

    [Fact]
    public async Task A_payload_of_5_MB_is_claimed_relayed_as_a_reference_and_consumed_whole()
    {
        await using var service = await StartAsync(t => t.ClaimCheck());
        var (outbox, topic) = StoreOf(service);
        await using var reader = await ReadingService.StartAsync(service.Place, outbox, topic);

        await service.StoreAsync("large", Large);
        await service.StoreAsync("small", "as it is");

        await reader.HasAsync(2);
        Assert.Equal(5_000_000, (await reader.Documents.Find(new BsonDocument("entityId", "large")).SingleAsync())["length"].AsInt32);
        var record = (await service.ReadTopicAsync()).Single(x => x.Message.Key == "large");
        Assert.InRange(record.Message.Value!.Length, 1, 300);
        Assert.Equal("claim", record.Header(MessageHeaders.PayloadEncoding));
        Assert.Null((await service.ReadTopicAsync()).Single(x => x.Message.Key == "small").Header(MessageHeaders.PayloadEncoding));
        Assert.Equal(0, await reader.Parked.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task G1_a_transaction_that_is_rolled_back_leaves_no_payload_behind()
    {
        await using var service = await StartAsync(t => t.ClaimCheck(), o => o.RelayEnabled = false);

        await Assert.ThrowsAsync<InvalidOperationException>(() => service.Outbox.ExecuteAsync(async (tx, ct) =>
        {
            tx.Publish(new DocumentStored(Large), "a", 1);
            await service.Orders.InsertOneAsync(tx.Session, [], cancellationToken: ct);
            throw new InvalidOperationException("rolled back");
        }));
        using (var session = await service.Database.Client.StartSessionAsync())
        {
            session.StartTransaction();
            service.Outbox.Enlist(session).Publish(new DocumentStored(Large), "b", 1);
            await session.AbortTransactionAsync();
        }

        Assert.Equal((0, 0), (await service.Files().CountDocumentsAsync(All), await service.Chunks().CountDocumentsAsync(All)));
        await service.StoreAsync("c", Large);
        Assert.Equal((1, 20), (await service.Files().CountDocumentsAsync(All), await service.Chunks().CountDocumentsAsync(All)));
    }

    [Fact]
    public async Task G3_a_payload_waits_for_its_message_and_expires_after_that_is_published_also_when_the_relay_dies_in_between()
    {
        var crash = new CrashAfterPublish();
        var place = await TestPlace.SharedAsync();
        await using var capturing = await StartAsync(t => t.ClaimCheck(), o => o.RelayEnabled = false, place);
        await capturing.StoreAsync("a", Large);
        Assert.False((await capturing.Files().Find(All).SingleAsync()).Contains("expiresAt"));

        await using var relay = await StartAsync(t => t.ClaimCheck(), place: place, replace: crash.Decorate);
        await Eventually.DrainedAsync(relay);

        Assert.True(crash.Crashed);
        var (files, chunks) = (await relay.Files().Find(All).ToListAsync(), await relay.Chunks().Find(All).ToListAsync());
        Assert.All([.. files, .. chunks], document => Assert.InRange(document["expiresAt"].ToUniversalTime(), DateTime.UtcNow.AddDays(29), DateTime.UtcNow.AddDays(31)));
        var indexes = await (await relay.Files().Indexes.ListAsync()).ToListAsync();
        Assert.Contains(indexes, index => index.GetValue("expireAfterSeconds", -1).ToInt64() == 0);
    }

    [Fact]
    public async Task A_payload_is_there_until_the_last_of_its_readers_has_processed_it()
    {
        var place = await TestPlace.SharedAsync();
        await using var service = await StartAsync(
            t => t.ClaimCheck(c =>
            {
                c.Readers.Add($"first-{place.Topic}");
                c.Readers.Add($"second-{place.Topic}");
            }),
            place: place);
        var (outbox, topic) = StoreOf(service);
        await using var first = await ReadingService.StartAsync(place, outbox, topic, "first");
        await service.StoreAsync("a", Large);
        await first.HasAsync(1);
        await Eventually.TrueAsync(async () => (await service.Files().Find(All).SingleAsync())["metadata"]["readBy"].AsBsonArray.Count == 1, "the first reader has said so");
        await Eventually.TrueAsync(async () => (await service.Files().Find(All).SingleAsync()).Contains("expiresAt"), "the message is published");
        Assert.True((await service.Files().Find(All).SingleAsync())["expiresAt"].ToUniversalTime() > DateTime.UtcNow.AddDays(20));

        await using var third = await ReadingService.StartAsync(place, outbox, topic, "third");
        await third.HasAsync(1);
        await using var second = await ReadingService.StartAsync(place, outbox, topic, "second");
        await second.HasAsync(1);

        await Eventually.TrueAsync(
            async () => (await service.Files().Find(All).SingleAsync())["expiresAt"].ToUniversalTime() < DateTime.UtcNow.AddDays(2), "it expires after its last reader");
        Assert.All(await service.Chunks().Find(All).ToListAsync(), chunk => Assert.True(chunk["expiresAt"].ToUniversalTime() < DateTime.UtcNow.AddDays(2)));
    }

    [Fact]
    public async Task G8_a_payload_that_is_gone_or_was_changed_has_its_message_parked_with_an_error_that_says_so()
    {
        await using var service = await StartAsync(t => t.ClaimCheck());
        await service.StoreAsync("gone", Large);
        await service.StoreAsync("changed", Large);
        await Eventually.DrainedAsync(service);
        var ids = (await service.ReadTopicAsync()).ToDictionary(x => x.Message.Key, x => BsonDocument.Parse(Encoding.UTF8.GetString(x.Message.Value!))["claim"].AsString);
        await service.Chunks().DeleteOneAsync(new BsonDocument { { "files_id", ids["gone"] }, { "n", 3 } });
        await service.Chunks().UpdateOneAsync(new BsonDocument { { "files_id", ids["changed"] }, { "n", 0 } }, new BsonDocument("$set", new BsonDocument("data", new BsonBinaryData(new byte[255 * 1024]))));

        var (outbox, topic) = StoreOf(service);
        await using var reader = await ReadingService.StartAsync(service.Place, outbox, topic);
        await reader.HasParkedAsync(2);

        var errors = (await reader.Operations.ListParkedAsync()).Select(parked => parked.Message.Error).ToList();
        Assert.Single(errors, error => error.Contains("is not in the store", StringComparison.Ordinal) && error.Contains(ids["gone"], StringComparison.Ordinal));
        Assert.Single(errors, error => error.Contains("SHA-256", StringComparison.Ordinal) && error.Contains(ids["changed"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_that_was_not_told_where_payloads_are_waits_and_parks_nothing()
    {
        await using var service = await StartAsync(t => t.ClaimCheck());
        await using var reader = await ReadingService.StartAsync(service.Place);

        await service.StoreAsync("a", Large);

        await Eventually.TrueAsync(() => Task.FromResult(reader.Trouble().Contains("nothing says where", StringComparison.Ordinal)), "the endpoint says what is missing");
        Assert.Equal(0, await reader.Parked.CountDocumentsAsync(All));
    }

    [Fact]
    public async Task A_claimed_payload_is_compressed_and_encrypted_as_its_topic_says_and_anybodys_GridFS_client_finds_it()
    {
        var keys = RotatingKeys.With("k1");
        await using var service = await StartAsync(
            t =>
            {
                t.Compress();
                t.Encrypt();
                t.ClaimCheck();
            },
            o => o.Payloads(p => p.UseKeys(keys)));
        var (outbox, topic) = StoreOf(service);
        await using var reader = await ReadingService.StartAsync(
            service.Place,
            o =>
            {
                outbox(o);
                o.Payloads(p => p.UseKeys(keys));
            },
            topic);

        await service.StoreAsync("a", Large);

        await reader.HasAsync(1);
        var record = Assert.Single(await service.ReadTopicAsync());
        Assert.Equal(("zstd,aes-gcm,claim", "k1"), (record.Header(MessageHeaders.PayloadEncoding), record.Header(MessageHeaders.PayloadKey)));
        var id = BsonDocument.Parse(Encoding.UTF8.GetString(record.Message.Value!))["claim"];
        var bucket = new GridFSBucket<string>(service.Database, new GridFSBucketOptions { BucketName = "outbox.payloads" });
        var stored = await bucket.DownloadAsBytesAsync(id.AsString);
        Assert.InRange(stored.Length, 100, 100_000);
        Assert.Equal(-1, stored.AsSpan().IndexOf("xxxxxxxx"u8));
    }
}
