using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>Several consumers of a message on one endpoint: each takes effect once. The effect is a message that names the consumer.</summary>
public abstract class SharedMessageConformance(StoreKind kind) : ConformanceSuite(kind)
{
    private static readonly string[] Both = ["audit", "billing"];
    private static readonly Sequence Sequence = new("shipping", "orders", "o1");

    [Fact]
    public async Task G6_each_consumer_of_a_message_takes_effect_once()
    {
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m1", "audit", Both));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "audit", Both));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m1", "billing", Both));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "billing", Both));

        Assert.Equal(Both, await EffectsAsync());
    }

    [Fact]
    public async Task G6_when_one_consumer_fails_the_other_keeps_its_effects_and_only_the_failed_one_runs_again()
    {
        await ProcessAsync("m1", "audit", Both);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => ProcessAsync("m1", "billing", Both, () => throw new InvalidTimeZoneException()));
        Assert.Equal(["audit"], await EffectsAsync());

        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "audit", Both));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m1", "billing", Both));
        Assert.Equal(Both, await EffectsAsync());
    }

    [Fact]
    public async Task G6_a_message_that_was_processed_when_there_was_one_consumer_is_a_duplicate_for_all()
    {
        await Store.Inbox.ExecuteAsync(new InboxRecord("shipping", "m1", "order-placed"), (_, _) => Task.CompletedTask, CancellationToken.None);

        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "audit", Both));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "billing", Both));
        Assert.Equal([InboxOutcome.Duplicate], await BatchAsync("billing", Both, "m1"));
        Assert.Empty(await EffectsAsync());
    }

    [Fact]
    public async Task G6_a_message_that_all_have_processed_is_a_duplicate_for_a_consumer_that_is_left_or_new()
    {
        await ProcessAsync("m1", "audit", Both);
        await ProcessAsync("m1", "billing", Both);

        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "billing", []));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "mailing", [.. Both, "mailing"]));
    }

    [Fact]
    public async Task G6_a_consumer_that_is_left_alone_processes_what_it_has_not_yet()
    {
        await ProcessAsync("m1", "audit", Both);
        await ProcessAsync("m2", "audit", Both);

        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m1", "billing", []));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "billing", []));
        Assert.Equal([InboxOutcome.Processed], await BatchAsync("billing", [], "m2"));
        Assert.Equal([InboxOutcome.Duplicate], await BatchAsync("billing", [], "m2"));
        Assert.Equal(["audit", "audit", "billing", "billing"], await EffectsAsync());
    }

    [Fact]
    public async Task G6_consumers_that_run_at_one_moment_take_effect_once_each()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = $"r{round}";
            await Task.WhenAll(Both.Concat(Both).Select(consumer => Task.Run(() => ProcessAsync(id, consumer, Both))));
        }

        Assert.Equal(Both.SelectMany(consumer => Enumerable.Repeat(consumer, 5)), await EffectsAsync());
    }

    [Fact]
    public async Task G6_a_batch_and_a_consumer_of_single_messages_take_effect_once_each()
    {
        await ProcessAsync("a", "audit", Both);
        Assert.Equal([InboxOutcome.Processed, InboxOutcome.Processed], await BatchAsync("billing", Both, "a", "b"));
        Assert.Equal([InboxOutcome.Duplicate, InboxOutcome.Processed], await BatchAsync("billing", Both, "b", "c"));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("b", "audit", Both));
        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("a", "audit", Both));

        Assert.Equal(["audit", "audit", "billing", "billing", "billing"], await EffectsAsync());
    }

    [Fact]
    public async Task A_turn_in_a_sequence_is_over_when_all_consumers_have_had_it()
    {
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m1", "audit", Both, version: 1));
        Assert.Equal(InboxOutcome.Early, await ProcessAsync("m2", "audit", Both, version: 2));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m1", "billing", Both, version: 1));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m2", "audit", Both, version: 2));
        Assert.Equal(InboxOutcome.Early, await ProcessAsync("m3", "billing", Both, version: 3));
        Assert.Equal(InboxOutcome.Processed, await ProcessAsync("m2", "billing", Both, version: 2));
    }

    [Fact]
    public async Task A_message_that_is_discarded_is_a_duplicate_for_the_consumer_that_failed_too()
    {
        await ProcessAsync("m1", "audit", Both);
        await Store.Parking.ParkAsync(SequenceEndpoint.Message("o1", 1, ParkReason.Failed) with { Endpoint = "shipping", MessageId = "m1" }, CancellationToken.None);
        Assert.True(await Store.InboxOperations.DiscardAsync(Assert.Single(await Store.InboxOperations.ListParkedAsync()).Id, "a test order"));

        Assert.Equal(InboxOutcome.Duplicate, await ProcessAsync("m1", "billing", Both));
        Assert.Equal(["audit"], await EffectsAsync());
    }

    private Task<InboxOutcome> ProcessAsync(string messageId, string consumer, string[] consumers, Action? then = null, long? version = null) => Store.Inbox.ExecuteAsync(
        Record(messageId, consumer, consumers) with { Version = version, Sequence = version is null ? null : Sequence },
        (tx, _) =>
        {
            tx.Publish(new OrderPlaced(consumer, 1), consumer);
            then?.Invoke();
            return Task.CompletedTask;
        },
        CancellationToken.None);

    private Task<IReadOnlyList<InboxOutcome>> BatchAsync(string consumer, string[] consumers, params string[] ids) => Store.Batches.ExecuteAsync(
        [.. ids.Select(id => Record(id, consumer, consumers))],
        (tx, fresh, _) =>
        {
            for (var n = 0; n < fresh.Count; n++)
            {
                tx.Publish(new OrderPlaced(consumer, 1), consumer);
            }

            return Task.CompletedTask;
        },
        CancellationToken.None);

    private static InboxRecord Record(string messageId, string consumer, string[] consumers) =>
        new("shipping", messageId, "order-placed", "o1") { Consumer = consumer, Consumers = consumers };

    private async Task<IEnumerable<string>> EffectsAsync() => (await Store.CommittedAsync()).Select(x => x.EntityId).Order(StringComparer.Ordinal);
}

public sealed class InMemorySharedMessageTests() : SharedMessageConformance(StoreKind.InMemory);

public sealed class MongoSharedMessageTests() : SharedMessageConformance(StoreKind.MongoDb);
