using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Outbox.Delivery.Health;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using static Outbox.Integration.Tests.Payloads.Producing;

namespace Outbox.Integration.Tests.Payloads;

/// <summary>Topics whose payloads are compressed and encrypted, between two services.</summary>
public sealed class EncryptedTopicTests
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("confidential ", 100));

    private readonly RotatingKeys _keys = RotatingKeys.With("k1");

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    public async Task A_compressed_and_encrypted_topic_is_read_in_every_format_and_shows_nothing_on_the_way(MessageFormat format)
    {
        await using var service = await ProducerAsync(format);
        await using var reader = await ReaderAsync(service);

        await service.StoreAsync("a", Text);
        await service.StoreAsync("tombstone", "short");

        await reader.HasAsync(2);
        Assert.Equal("short", (await reader.TextsAsync())["tombstone"]);
        Assert.All(await service.ReadTopicAsync(), record =>
        {
            Assert.Equal("k1", record.Header(MessageHeaders.PayloadKey));
            Assert.Equal(-1, record.Message.Value.AsSpan().IndexOf("confidential"u8));
        });
        Assert.Equal("zstd,aes-gcm", (await service.ReadTopicAsync()).Single(x => x.Message.Key == "a").Header(MessageHeaders.PayloadEncoding));
    }

    [Fact]
    public async Task Keys_rotate_while_messages_are_in_flight_and_a_topic_holds_records_of_before_and_after()
    {
        var place = await TestPlace.SharedAsync();
        await using (var clear = await StartAsync(_ => { }, place: place))
        {
            await clear.StoreAsync("clear", "clear");
            await Eventually.DrainedAsync(clear);
        }

        await using var service = await ProducerAsync(place: place);
        await service.StoreAsync("old", "old");
        await Eventually.DrainedAsync(service);
        _keys.Rotate("k2");
        await service.StoreAsync("new", "new");

        await using var reader = await ReaderAsync(service);
        await reader.HasAsync(3);

        Assert.Equal(["clear", "new", "old"], (await reader.TextsAsync()).Select(text => text.Value).Order());
        Assert.Equal(
            [("clear", null), ("new", "k2"), ("old", "k1")],
            (await service.ReadTopicAsync()).Select(record => (record.Message.Key, record.Header(MessageHeaders.PayloadKey))).Order());
    }

    [Fact]
    public async Task G8_a_key_that_comes_late_is_waited_for_and_one_that_never_comes_parks_its_messages_alone()
    {
        var theirs = new RotatingKeys();
        await using var service = await ProducerAsync();
        await using var reader = await ReadingService.StartAsync(service.Place, o => o.Payloads(p =>
        {
            p.UseKeys(theirs);
            p.Set(options => options.KeyPatience = TimeSpan.FromSeconds(6));
        }));
        await service.StoreAsync("late", "late");
        await Eventually.TrueAsync(() => Task.FromResult(reader.Trouble().Contains("'k1'", StringComparison.Ordinal)), "the endpoint says which key is missing");
        Assert.Equal(0, await reader.Parked.CountDocumentsAsync(All));
        _keys.GiveTo(theirs, "k1");
        await reader.HasAsync(1);

        _keys.Rotate("destroyed");
        await service.StoreAsync("never", "never");
        await reader.HasParkedAsync(1);
        _keys.Current = "k1";
        await service.StoreAsync("never", "later", version: 2);
        await reader.HasAsync(2);

        var parked = Assert.Single(await reader.Operations.ListParkedAsync());
        Assert.Contains("'destroyed'", parked.Message.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G8_a_record_that_was_tampered_with_is_parked_and_the_partition_goes_on()
    {
        await using var service = await ProducerAsync();
        await service.StoreAsync("a", "true");
        await Eventually.DrainedAsync(service);
        var record = Assert.Single(await service.ReadTopicAsync());
        using (var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = service.Place.Kafka }).Build())
        {
            var headers = new Headers();
            record.Message.Headers.Where(header => header.Key != MessageHeaders.MessageId).ToList().ForEach(headers.Add);
            headers.Add(MessageHeaders.MessageId, Encoding.UTF8.GetBytes("swapped"));
            await producer.ProduceAsync(service.Topic, new Message<string, byte[]> { Key = "a", Value = record.Message.Value!, Headers = headers });
        }

        await using var reader = await ReaderAsync(service);
        await reader.HasParkedAsync(1);
        await reader.HasAsync(1);

        var parked = Assert.Single(await reader.Operations.ListParkedAsync());
        Assert.Equal("swapped", parked.Message.MessageId);
        Assert.Contains("cannot be decrypted with key 'k1'", parked.Message.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    public async Task What_is_parked_stays_encrypted_and_is_processed_when_it_is_tried_again_or_edited(MessageFormat format)
    {
        await using var service = await ProducerAsync(format);
        await using var reader = await ReaderAsync(service, o => o.Set(options => options.AllowEdit = true));
        reader.Consumer.Fails = true;
        await service.StoreAsync("retried", Text);
        await service.StoreAsync("edited", Text);
        await reader.HasParkedAsync(2);
        Assert.All(await reader.Operations.ListParkedAsync(), parked => Assert.Equal(-1, parked.Message.Value.AsSpan().IndexOf("confidential"u8)));

        var first = (await reader.Operations.ListParkedAsync())[0];
        Assert.Null(first.Payload);
        Assert.Contains("confidential", (await reader.Operations.GetAsync(first.Id))!.Payload, StringComparison.Ordinal);

        reader.Consumer.Fails = false;
        foreach (var parked in await reader.Operations.ListParkedAsync())
        {
            Assert.True(parked.Message.EntityId == "retried"
                ? await reader.Operations.RetryAsync(parked.Id, "repaired")
                : await reader.Operations.EditAndRetryAsync(parked.Id, """{"text":"by hand"}""", parked.ETag!, "repaired"));
        }

        await reader.HasAsync(2);
        await reader.HasParkedAsync(0);
        Assert.Equal(("confidenti", "by hand"), ((await reader.TextsAsync())["retried"], (await reader.TextsAsync())["edited"]));
    }

    [Fact]
    public async Task Keys_that_do_not_answer_hold_their_topic_and_nothing_is_parked_or_published_in_clear()
    {
        _keys.Fails = new TimeoutException("the vault is closed");
        await using var service = await ProducerAsync();
        await service.StoreAsync("a", Text);
        var health = service.Services.GetRequiredService<RelayHealth>();
        await Eventually.TrueAsync(() => Task.FromResult(health.Places.Any(place => place.Reason.Contains("the vault is closed", StringComparison.Ordinal))), "the relay says why");
        Assert.Empty(await service.ReadTopicAsync());

        _keys.Fails = null;
        await Eventually.DrainedAsync(service);

        Assert.Single(await service.ReadTopicAsync());
        Assert.Empty(await service.Operations.ListParkedAsync());
    }

    private Task<TestService> ProducerAsync(MessageFormat format = MessageFormat.Envelope, TestPlace? place = null) => StartAsync(
        t =>
        {
            t.Format = format;
            t.Compress();
            t.Encrypt();
        },
        o => o.Payloads(p => p.UseKeys(_keys)),
        place);

    private Task<ReadingService> ReaderAsync(TestService service, Action<OutboxConfigurator>? outbox = null) => ReadingService.StartAsync(service.Place, o =>
    {
        o.Payloads(p => p.UseKeys(_keys));
        outbox?.Invoke(o);
    });
}
