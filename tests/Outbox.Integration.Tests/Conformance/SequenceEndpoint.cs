using System.Collections.Concurrent;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Conformance;

/// <summary>An endpoint in sequence that does what the rider does. Its effect on an entity is a message whose counted version is the place of the effect.</summary>
internal sealed class SequenceEndpoint(StoreUnderTest store)
{
    private const string Name = "ledger";
    private const string Topic = "entries";

    private readonly ConcurrentDictionary<string, bool> _failing = new();

    public static Sequence Of(string entity) => new(Name, Topic, entity);

    public void Fail(string entity, long version, bool fails = true) => _failing[$"{entity}/{version}"] = fails;

    public async Task<InboxOutcome> ReceiveAsync(string entity, long version)
    {
        var outcome = await ProcessAsync(entity, version);
        while (outcome == InboxOutcome.Early && await AddAsync(entity, version) == WaitOutcome.Ready)
        {
            outcome = await ProcessAsync(entity, version);
        }

        if (outcome == InboxOutcome.ProcessedAndAwaited)
        {
            await FollowAsync(entity);
        }

        return outcome;
    }

    public Task<InboxOutcome> ProcessAsync(string entity, long version) => store.Inbox.ExecuteAsync(
        new InboxRecord(Name, $"{entity}-{version}", "entry", entity, version) { Sequence = Of(entity) },
        (tx, _) =>
        {
            tx.Publish(new OrderPlaced(entity, (int)version), entity);
            return _failing.GetValueOrDefault($"{entity}/{version}") ? throw new InvalidTimeZoneException() : Task.CompletedTask;
        },
        CancellationToken.None);

    public Task<WaitOutcome> AddAsync(string entity, long version) => store.Buffer.AddAsync(Of(entity), Message(entity, version), CancellationToken.None);

    public async Task FollowAsync(string entity)
    {
        while (await store.Buffer.NextAsync(Of(entity), CancellationToken.None) is { } next)
        {
            Assert.NotEqual(InboxOutcome.Early, await ProcessAsync(entity, next.Version!.Value));
            await store.Buffer.RemoveAsync(next, CancellationToken.None);
        }
    }

    public async Task<IReadOnlyList<OverdueGap>> SweepAsync()
    {
        var gaps = await store.Buffer.ExpireAsync(Name, Topic, CancellationToken.None);
        foreach (var sequence in await store.Buffer.ReadyAsync(Name, Topic, CancellationToken.None))
        {
            await FollowAsync(sequence.EntityId);
        }

        return gaps;
    }

    /// <summary>The versions that took effect, in the order of their commits.</summary>
    public async Task<IReadOnlyList<long>> EffectsAsync(string entity)
    {
        var effects = (await store.CommittedAsync()).Where(x => x.EntityId == entity).ToList();
        Assert.Equal(Enumerable.Range(1, effects.Count).Select(x => (long)x), effects.Select(x => x.Version));
        return [.. effects.Select(x => (long)System.Text.Json.JsonDocument.Parse(x.Payload!).RootElement.GetProperty("amount").GetInt32())];
    }

    public async Task<int> WaitingAsync() => (await store.InboxOperations.ListParkedAsync(Name, ParkReason.Gap)).Count;

    public Task<IReadOnlyList<ParkedMessage>> RetriesAsync() => store.Buffer.RetriesAsync(Name, Topic, CancellationToken.None);

    public Task<IReadOnlyList<Sequence>> ReadyAsync() => store.Buffer.ReadyAsync(Name, Topic, CancellationToken.None);

    public static ParkedMessage Message(string entity, long version, ParkReason reason = ParkReason.Gap) => new()
    {
        Endpoint = Name,
        Topic = Topic,
        Partition = 0,
        Offset = version,
        Key = System.Text.Encoding.UTF8.GetBytes(entity),
        Value = System.Text.Encoding.UTF8.GetBytes($"{entity}/{version}"),
        Headers = [KeyValuePair.Create<string, byte[]?>("type", [1, 2]), KeyValuePair.Create<string, byte[]?>("type", null)],
        MessageId = $"{entity}-{version}",
        EntityId = entity,
        Version = version,
        Type = "entry",
        Reason = reason,
        Error = "early",
        Attempts = 0,
    };
}
