using System.Text;
using MongoDB.Bson;
using Outbox.Integration.Tests.Payloads;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;
using Outbox.Payloads;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>Large payloads are kept apart in the transaction that captures them.</summary>
public abstract class PayloadConformance(StoreKind kind) : ConformanceSuite(kind, Configure)
{
    private static readonly string Large = new('x', 5_000);

    [Fact]
    public async Task A_large_payload_is_kept_apart_and_its_message_refers_to_it()
    {
        await PublishAsync("a", Large);

        var message = Assert.Single(await Store.CommittedAsync());
        Assert.Equal(message.Claim, BsonDocument.Parse(message.Payload)["claim"].AsString);
        Assert.Equal(("zstd,aes-gcm,claim", "k1"), (message.Headers[MessageHeaders.PayloadEncoding], message.Headers[MessageHeaders.PayloadKey]));
        var clear = await Store.Get<PayloadChain>().ClearAsync(message, default);
        Assert.Contains(Large, clear.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payload_that_is_not_large_stays_in_its_message_which_says_what_it_goes_through()
    {
        await PublishAsync("a", "small");

        var message = Assert.Single(await Store.CommittedAsync());
        Assert.Equal(("""{"orderId":"small","amount":1}""", null, "zstd,aes-gcm"), (message.Payload, message.Claim, message.Transforms));
        Assert.DoesNotContain(MessageHeaders.PayloadEncoding, message.Headers.Keys);
    }

    [Fact]
    public async Task A_counted_version_is_part_of_what_a_claimed_payload_is_bound_to()
    {
        await PublishAsync("a", "small");
        await PublishAsync("a", Large);

        var message = (await Store.CommittedAsync())[1];
        Assert.Equal(2, message.Version);
        Assert.Contains(Large, (await Store.Get<PayloadChain>().ClearAsync(message, default)).Payload, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PayloadException>(async () => await Store.Get<PayloadChain>().ClearAsync(message with { Version = 3 }, default));
    }

    [Fact]
    public async Task G1_a_transaction_that_cannot_keep_its_payload_captures_nothing_and_takes_no_version()
    {
        Keys.Fails = new TimeoutException("closed");
        await Assert.ThrowsAsync<PayloadUnavailableException>(() => PublishAsync("a", Large));
        Keys.Fails = null;

        Assert.Empty(await Store.CommittedAsync());
        await PublishAsync("a", "small");
        Assert.Equal(1, Assert.Single(await Store.CommittedAsync()).Version);
    }

    [Fact]
    public async Task A_tombstone_is_never_claimed()
    {
        await Store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.PublishTombstone<OrderPlaced>("a");
            return Task.CompletedTask;
        });

        var message = Assert.Single(await Store.CommittedAsync());
        Assert.Equal((null, null), (message.Payload, message.Claim));
    }

    [Fact]
    public async Task What_the_store_does_not_have_is_said_to_be_gone()
    {
        await PublishAsync("a", Large);
        var message = Assert.Single(await Store.CommittedAsync());
        var reference = ClaimReference.Of("another", Encoding.UTF8.GetBytes("x")).ToJson();

        var error = await Assert.ThrowsAsync<PayloadException>(async () => await Store.Get<PayloadChain>().ClearAsync(message with { Payload = reference }, default));

        Assert.Contains("is not in the store", error.Message, StringComparison.Ordinal);
    }

    private RotatingKeys Keys => (RotatingKeys)Store.Get<IPayloadKeys>();

    private static void Configure(OutboxConfigurator o)
    {
        o.Topic("orders", t =>
        {
            t.Compress();
            t.Encrypt();
            t.ClaimCheck(c => c.AboveBytes = 1_000);
        });
        o.Payloads(p => p.UseKeys(RotatingKeys.With("k1")));
    }

    private Task PublishAsync(string entity, string text) => Store.Outbox.ExecuteAsync((tx, _) =>
    {
        tx.Publish(new OrderPlaced(text, 1), entity);
        return Task.CompletedTask;
    });
}

public sealed class InMemoryPayloadTests() : PayloadConformance(StoreKind.InMemory);

public sealed class MongoPayloadTests() : PayloadConformance(StoreKind.MongoDb);
