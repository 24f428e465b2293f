using CsCheck;
using Outbox.Delivery.Publishing;
using Outbox.Integration.Tests.Servers;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>What can happen to an outbox.</summary>
internal static class OutboxSteps
{
    private static readonly int[] Lanes = [.. Enumerable.Range(0, StoreUnderTest.Lanes)];
    private static readonly Gen<string> Entity = Gen.Int[0, 2].Select(x => $"e{x}");
    private static readonly Gen<string> Id = Gen.Int[0, 8].Select(x => $"m{x}");

    public static Gen<Step> Any { get; } = Gen.OneOf(
        Gen.Select(Entity, Id, Gen.Int[0, 4], Gen.Bool, Publish),
        Gen.Select(Entity, Id, Gen.Int[0, 4], Gen.Bool, Publish),
        Gen.Select(Entity, Id, Delay),
        Gen.Int[0, 9].Select(Complete),
        Gen.Select(Gen.Int[0, 9], Gen.Bool, Park),
        Gen.Select(Entity, Id, Gen.Int[0, 4], Move),
        Id.Select(id => new Step($"retry all of error {id}", async store => $"{await store.Operations.RetryAllAsync(new() { Error = id[1..] }, "test")}")),
        Entity.Select(entity => new Step($"discard all of {entity}", async store => $"{await store.Operations.DiscardAllAsync(new() { EntityId = entity, EntityType = "orders" }, "test")}")),
        Id.Select(id => new Step($"retry {id}", async store => $"{await store.Operations.RetryAsync(id, "test")}")),
        Id.Select(id => new Step($"discard {id}", async store => $"{await store.Operations.DiscardAsync(id, "test")}")),
        Id.Select(id => new Step($"restore {id}", async store => $"{await store.Operations.RestoreAsync(id, "test")}")),
        Id.Select(id => new Step($"replay {id}", async store => $"{await store.Operations.ReplayAsync(id, "test")}")));

    public static async Task<string> StateAsync(StoreUnderTest store)
    {
        var waiting = await store.Reader.ReadHeldEntitiesAsync(Lanes, CancellationToken.None);
        var swept = (await store.CommittedAsync(pageSize: 3, held: [.. waiting])).Select(x => $"{x.MessageId}:{x.EntityId}/{x.Version}/{x.Ordinal}");
        var due = (await store.DueAsync(store.Time.GetUtcNow().AddDays(1))).Select(x => x.MessageId);
        var held = waiting.Select(x => x.ToString()).Order(StringComparer.Ordinal);
        var others = (await store.SweptAsync(request => request with { HeldEntities = waiting, WaitingEntities = [new("orders", "e0")], ClosedPlaces = [new("customers")] }, 2)).Select(x => x.MessageId);
        var parked = (await store.Operations.ListParkedAsync()).Select(x => $"{x.Message.MessageId}:{x.HoldsEntity}/{x.Attempts}/{x.Error}").Order();
        var discarded = (await store.Operations.SearchDiscardedAsync(new())).Items.Select(x => x.Id).Order();
        return $"discarded {string.Join(' ', discarded)} | {string.Join(' ', swept)} | due {string.Join(' ', due.Order())} | held {string.Join(' ', held)} | others {string.Join(' ', others)} | parked {string.Join(' ', parked)}";
    }

    private static Step Publish(string entity, string id, int version, bool fails) => new($"publish {id} of {entity} version {version}{(fails ? " and fail" : "")}", async store =>
    {
        await store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced(entity, 1), entity, version == 0 ? null : version, new() { MessageId = id });
            tx.Publish(new OrderCancelled(entity), "other", options: new() { MessageId = $"{id}-other" });
            return fails && version % 2 == 0 ? throw new InvalidTimeZoneException() : Task.CompletedTask;
        });
        return "published";
    });

    private static Step Move(string entity, string id, int version) => new($"move customer {id} of {entity} version {version}", async store =>
    {
        await store.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new CustomerMoved(entity), entity, version == 0 ? null : version, new() { MessageId = id });
            return Task.CompletedTask;
        });
        return "moved";
    });

    private static Step Delay(string entity, string id) => new($"delay {id} of {entity}", async store =>
    {
        await store.PublishAsync(entity, 1, new() { MessageId = id, NotBefore = store.Time.GetUtcNow().AddHours(1) });
        return "delayed";
    });

    /// <summary>As a relay reads: first what is held.</summary>
    private static async Task<IReadOnlyList<OutboxMessage>> FreeAsync(StoreUnderTest store) =>
        await store.CommittedAsync(held: [.. await store.Reader.ReadHeldEntitiesAsync(Lanes, CancellationToken.None)]);

    private static Step Complete(int index) => new($"complete the {index}th", async store =>
    {
        var messages = await FreeAsync(store);
        await store.Reader.CompleteAsync([.. messages.Skip(index).Take(1)], [.. messages.Skip(index + 3).Take(1)], CancellationToken.None);
        return $"{messages.Count}";
    });

    private static Step Park(int index, bool holds) => new($"park the {index}th{(holds ? " and hold its entity" : "")}", async store =>
    {
        var messages = await FreeAsync(store);
        await store.Reader.ParkAsync([.. messages.Skip(index).Take(2).Select(x => new UnpublishableMessage(x, $"refused {index}", index, holds))], CancellationToken.None);
        return $"{messages.Count}";
    });
}
