using CsCheck;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>What can happen to an endpoint in sequence.</summary>
internal static class SequenceSteps
{
    private static readonly Gen<string> Entity = Gen.Int[0, 1].Select(x => $"e{x}");
    private static readonly Gen<long> Version = Gen.Long[1, 5];

    public static Gen<Step> Any { get; } = Gen.OneOf(
        Gen.Select(Entity, Version, Gen.Bool, Receive),
        Gen.Select(Entity, Version, Gen.Bool, Receive),
        Gen.Select(Entity, Version, Gen.Bool, Receive),
        Gen.Select(Entity, Version, Process),
        Gen.Select(Entity, Version, (entity, version) => new Step($"add {entity}/{version}", async store => $"{await new SequenceEndpoint(store).AddAsync(entity, version)}")),
        Gen.Select(Entity, Version, Park),
        Gen.Select(Entity, Gen.Enum<GapPolicy>(), Gen.Long[0, 5], GiveUp),
        Gen.Enum<GapPolicy>().Select(Expire),
        Gen.Select(Entity, Version, Gen.Bool, Decide),
        Gen.Select(Entity, Version, Restore),
        Entity.Select(entity => new Step($"release {entity}", async store => $"{await store.InboxOperations.ReleaseAsync(SequenceEndpoint.Of(entity), "test")}")));

    public static async Task<string> StateAsync(StoreUnderTest store)
    {
        var endpoint = new SequenceEndpoint(store);
        var effects = $"{string.Join(' ', await endpoint.EffectsAsync("e0"))} / {string.Join(' ', await endpoint.EffectsAsync("e1"))}";
        var parked = (await store.InboxOperations.ListParkedAsync())
            .Select(x => $"{x.Message.MessageId}:{x.Message.Reason}{(x.RetryRequested ? " retry" : "")}{(x.Message.Deadline is null ? "" : " deadline")}").Order();
        var ready = (await endpoint.ReadyAsync()).Select(x => x.EntityId).Order();
        var retries = (await endpoint.RetriesAsync()).Select(x => x.MessageId).Order();
        return $"effects {effects} | parked {string.Join(", ", parked)} | ready {string.Join(' ', ready)} | retries {string.Join(' ', retries)}";
    }

    private static Step Receive(string entity, long version, bool fails) => new($"receive {entity}/{version}{(fails ? " which fails" : "")}", async store =>
    {
        var endpoint = new SequenceEndpoint(store);
        endpoint.Fail(entity, version, fails);
        return $"{await endpoint.ReceiveAsync(entity, version)}";
    });

    private static Step Process(string entity, long version) => new($"process {entity}/{version}", async store =>
        $"{await new SequenceEndpoint(store).ProcessAsync(entity, version)}");

    private static Step Park(string entity, long version) => new($"park {entity}/{version}", async store =>
    {
        await store.Parking.ParkAsync(SequenceEndpoint.Message(entity, version, ParkReason.Failed), CancellationToken.None);
        return "parked";
    });

    private static Step GiveUp(string entity, GapPolicy policy, long version) => new($"give up {entity}/{version}: {policy}", async store =>
        $"{await store.Buffer.GiveUpAsync(SequenceEndpoint.Of(entity), policy, version == 0 ? null : version, CancellationToken.None)}");

    private static Step Expire(GapPolicy policy) => new($"let the deadlines pass: {policy}", async store =>
    {
        store.Sequences.OnGap = policy;
        store.Time.Advance(TimeSpan.FromMinutes(6));
        return string.Join(' ', (await new SequenceEndpoint(store).SweepAsync()).Select(x => $"{x.Sequence.EntityId}/{x.Version}:{x.Decision}").Order());
    });

    private static Step Restore(string entity, long version) => new($"restore {entity}/{version}", async store =>
    {
        var discarded = (await store.InboxOperations.SearchDiscardedAsync(new())).Items.Where(x => x.MessageId == $"{entity}-{version}").ToList();
        return discarded.Count == 0 ? "not discarded" : $"{await store.InboxOperations.RestoreAsync(discarded[0].Id, "test")}";
    });

    private static Step Decide(string entity, long version, bool discard) => new($"{(discard ? "discard" : "retry")} {entity}/{version}", async store =>
    {
        var parked = (await store.InboxOperations.ListParkedAsync()).FirstOrDefault(x => x.Message.MessageId == $"{entity}-{version}");
        return parked is null
            ? "not parked"
            : $"{await (discard ? store.InboxOperations.DiscardAsync(parked.Id, "test") : store.InboxOperations.RetryAsync(parked.Id, "test"))}";
    });
}
