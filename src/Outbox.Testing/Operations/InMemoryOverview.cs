using System.Globalization;
using Microsoft.Extensions.Options;
using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Operations;

/// <summary>Looks at what is in memory, where all is known; endpoints, and what relays find, are not written down here.</summary>
internal sealed class InMemoryOverview(InMemoryStore store, IPauses pauses, TimeProvider time, IOptions<OutboxOptions> options) : IOutboxOverview
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<Overview> ReadAsync(OverviewRequest? request = null, CancellationToken cancellationToken = default)
    {
        var paused = await pauses.ListPausesAsync(cancellationToken).ConfigureAwait(false);
        return OverviewJudge.Judge(store.Run(tables => See(tables, time.GetUtcNow())) with { Pauses = paused }, request ?? new OverviewRequest());
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LaneStatus>> ListLanesAsync(CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables => Lanes(tables, time.GetUtcNow())));

    /// <inheritdoc/>
    public Task<IReadOnlyList<InstanceStatus>> ListInstancesAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<InstanceStatus>>(store.Run(tables =>
        Relays(tables, time.GetUtcNow()).Select(relay => new InstanceStatus(relay.Name, IsAlive: true) { Lanes = relay.Lanes, RelaySeenAt = relay.SeenAt }).ToList()));

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndpointStatus>> ListEndpointsAsync(CancellationToken cancellationToken = default) => Task.FromResult(store.Run(tables => Endpoints(tables, time.GetUtcNow())));

    /// <inheritdoc/>
    public Task<Page<WaitingSequence>> ListWaitingAsync(string? endpoint = null, string? cursor = null, int size = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Run(tables =>
        {
            var page = InMemoryPages.Of(FirstWaiting(tables, endpoint), entry => (DateTimeOffset.UnixEpoch, Place(entry)), latestFirst: false, ($"waiting {endpoint}", cursor, size));
            return new Page<WaitingSequence>([.. page.Items.Select(entry => Of(tables, entry))], page.Next);
        }));

    /// <summary>Of each sequence the message whose deadline passes first.</summary>
    private static IEnumerable<ParkedEntry> FirstWaiting(Tables tables, string? endpoint) => tables.InboxParked
        .Where(entry => entry.Message.Reason == ParkReason.Gap && (endpoint is null || entry.Message.Endpoint == endpoint))
        .GroupBy(entry => entry.Sequence).Select(group => group.MinBy(Place, StringComparer.Ordinal)!);

    private static string Place(ParkedEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Message.Endpoint}\0{entry.Message.Deadline?.UtcTicks ?? 0:D20}\0{entry.Id}");

    private static WaitingSequence Of(Tables tables, ParkedEntry first)
    {
        var waiting = tables.Waiting(first.Sequence).ToList();
        return new WaitingSequence(first.Sequence, tables.SequenceOf(first.Sequence).Version, waiting.Min(entry => entry.Message.Version) ?? 0, waiting.Min(entry => entry.ParkedAt))
        {
            Deadline = first.Message.Deadline,
        };
    }

    private Overview See(Tables tables, DateTimeOffset now)
    {
        var oldest = tables.Outbox.Values.Where(message => message.Lane >= 0).Min(message => (DateTimeOffset?)message.Timestamp);
        return new Overview(now)
        {
            Pending = tables.Outbox.Count,
            Delayed = tables.Outbox.Values.Count(message => message.Lane < 0),
            OldestAge = oldest is null ? null : now - oldest,
            Parked = tables.Parked.Count,
            OutboxParked = [.. tables.Parked.Values.GroupBy(parked => parked.Message.Topic).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new ParkedTotal(group.Key, ParkReason.Failed, Bounded(group.Count()), now - group.Min(parked => parked.ParkedAt)))],
            InboxParked = [.. tables.InboxParked.GroupBy(parked => (parked.Message.Endpoint, parked.Message.Reason)).OrderBy(group => group.Key.Endpoint, StringComparer.Ordinal)
                .Select(group => new ParkedTotal(group.Key.Endpoint, group.Key.Reason, Bounded(group.Count()), now - group.Min(parked => parked.ParkedAt)))],
            Lanes = options.Value.Lanes,
            LanesWithoutOwner = [.. Lanes(tables, now).Where(lane => lane.Owner is null).Select(lane => lane.Number)],
            Relays = Relays(tables, now),
            ClosedPlaces = [],
            Endpoints = Endpoints(tables, now),
        };
    }

    private IReadOnlyList<LaneStatus> Lanes(Tables tables, DateTimeOffset now)
    {
        var pending = tables.Outbox.Values.Where(message => message.Lane >= 0).CountBy(message => message.Lane).ToDictionary();
        return [.. Enumerable.Range(0, options.Value.Lanes).Select(lane => tables.Leases.TryGetValue(lane, out var lease) && lease.ExpiresAt > now
            ? new LaneStatus(lane, lease.Owner, 0, lease.ExpiresAt) { Pending = Bounded(pending.GetValueOrDefault(lane)) }
            : new LaneStatus(lane, null, 0, lease.Owner is null ? null : lease.ExpiresAt) { LastOwner = lease.Owner, Pending = Bounded(pending.GetValueOrDefault(lane)) })];
    }

    private static IReadOnlyList<RelayStatus> Relays(Tables tables, DateTimeOffset now)
    {
        var owned = tables.Leases.Where(lease => lease.Value.ExpiresAt > now).ToLookup(lease => lease.Value.Owner, lease => lease.Key);
        return [.. tables.Relays.Where(relay => owned[relay.Key].Any() || now - relay.Value < Silence).OrderBy(relay => relay.Key, StringComparer.Ordinal)
            .Select(relay => new RelayStatus(relay.Key, relay.Value) { Lanes = [.. owned[relay.Key].Order()] })];
    }

    private static IReadOnlyList<EndpointStatus> Endpoints(Tables tables, DateTimeOffset now) => [.. tables.InboxParked.GroupBy(parked => parked.Message.Endpoint)
        .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new EndpointStatus(group.Key, 0)
        {
            Failed = Bounded(group.Count(parked => parked.Message.Reason == ParkReason.Failed)),
            Unreadable = Bounded(group.Count(parked => parked.Message.Reason == ParkReason.Unreadable)),
            Waiting = Bounded(group.Count(parked => parked.Message.Reason is ParkReason.Gap or ParkReason.Held)),
            OverdueGaps = Bounded(group.Count(parked => parked.Message.Reason == ParkReason.Gap && parked.Message.Deadline < now)),
        })];

    private static long Bounded(int count) => Math.Min(count, IOutboxOverview.MostCounted);
}
