using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Batches;
using Outbox.Delivery.Leases;
using Outbox.Messages;

namespace Outbox.Delivery.Relaying;

/// <summary>What a sweep reads from: the outbox, within the lanes that this relay may touch.</summary>
internal sealed class RelaySource(IOutboxReader reader, LaneLeases leases, WaitingWork waiting, IOptions<OutboxOptions> options, RelayRuntime runtime)
{
    private long _askedAt;
    private (long Asked, long Read)? _dueReadAt;

    public TimeProvider Time => runtime.Time;

    public bool HasLanes => leases.Lanes.Count > 0;

    /// <summary>Whether more waits by now than the sweep leaves out.</summary>
    public bool IsOutdated => waiting.HasGrown;

    /// <summary>Begins a sweep, unless the relay is paused.</summary>
    public ValueTask<bool> StartSweepAsync(CancellationToken cancellationToken) => waiting.StartSweepAsync(cancellationToken);

    /// <summary>Whether delayed messages are to be looked for: less than a query delay ago is not worth it. By the machine's clock too, because the service's may be one that a test has stopped.</summary>
    public bool IsTimeForDue()
    {
        if (_dueReadAt is { } last && runtime.Time.GetElapsedTime(last.Asked, _askedAt) < options.Value.QueryDelay && Stopwatch.GetElapsedTime(last.Read) < options.Value.QueryDelay)
        {
            return false;
        }

        // What became due since the request was made is for the next one.
        _dueReadAt = (_askedAt, Stopwatch.GetTimestamp());
        return true;
    }

    /// <summary>Reads delayed messages that are due, as <see cref="Read"/> does the others.</summary>
    public PrefetchedPages ReadDue(SweepRequest request, CancellationToken cancellationToken) =>
        new(stop => NameErrors(reader.ReadDueAsync(request, stop), stop), options.Value.QueryByteLimit, cancellationToken);

    /// <summary>Reads pages in order, the next one while the caller works on the last.</summary>
    public PrefetchedPages Read(SweepRequest request, CancellationToken cancellationToken) =>
        new(stop => NameErrors(reader.SweepAsync(request, stop), stop), options.Value.QueryByteLimit, cancellationToken);

    public async Task<SweepRequest> RequestAsync(CancellationToken cancellationToken)
    {
        var held = await waiting.HeldAsync(cancellationToken).ConfigureAwait(false);
        _askedAt = runtime.Time.GetTimestamp();
        return waiting.LeaveOut(new SweepRequest(leases.Lanes, options.Value.QueryMessageLimit, held, leases.ServerNow));
    }

    /// <summary>The same without what has begun to wait meanwhile, from a lane on; the lanes before it are done, as they are read in their order.</summary>
    public SweepRequest GoOn(SweepRequest request, int lane) =>
        waiting.LeaveOut(lane < 0 ? request : request with { Lanes = [.. request.Lanes.Where(other => other >= lane)] });

    /// <summary>
    /// Whether what was read may be published: every lane of the sweep is still held, for long enough for one more batch, nobody waits for one of them, and the relay is not paused.
    /// </summary>
    public bool MayPublish(SweepRequest request) => !waiting.IsPaused && !leases.IsUnbalanced && Holds(request);

    /// <summary>Whether every lane of a sweep is held for long enough to send anything.</summary>
    public bool Holds(SweepRequest request) =>
        leases.Remaining > options.Value.LeaseDuration * DeliveryTimes.NeededShare && leases.Lanes.IsSupersetOf(request.Lanes);

    /// <summary>How long a batch that starts now may take: less after a pause, so that its end stays as far from the leases' end as it should be.</summary>
    public TimeSpan BatchTime
    {
        get
        {
            var lease = options.Value.LeaseDuration;
            var left = leases.Remaining - (lease * (DeliveryTimes.NeededShare - DeliveryTimes.BatchShare));
            return left < lease * DeliveryTimes.BatchShare ? left : lease * DeliveryTimes.BatchShare;
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<OutboxMessage>> NameErrors(
        IAsyncEnumerable<IReadOnlyList<OutboxMessage>> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = pages.GetAsyncEnumerator(cancellationToken);
        await using var _ = page.ConfigureAwait(false);
        while (await StoreFailedException.NameAsync("reading the outbox", () => page.MoveNextAsync().AsTask()).ConfigureAwait(false))
        {
            yield return page.Current;
        }
    }
}
