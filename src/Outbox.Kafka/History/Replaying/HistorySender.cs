using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Delivery.Sending;
using Outbox.Messages;
using Outbox.Payloads.Applying;

namespace Outbox.Kafka.History.Replaying;

/// <summary>
/// Publishes pages of a history past the outbox, with a producer of its own, so that the service's messages do not wait behind millions of old ones. Records bear the time of now: a topic would delete
/// old ones at once.
/// </summary>
internal sealed class HistorySender(ProducerFactory factory, PlaceBook places, PayloadPreparation payloads, IOptions<OutboxOptions> options, TimeProvider time) : IAsyncDisposable
{
    private GaplessSender? _sender;

    /// <summary>What has to be asked before each write.</summary>
    public ReplayGuard Guard { get; } = new(options.Value.LeaseDuration, time);

    /// <summary>Publishes a page, in its order.</summary>
    /// <returns>Of what did not get through the first that says why; <see langword="null"/> when all was acknowledged.</returns>
    public async Task<PublishResult?> SendAsync(IReadOnlyList<OutboxMessage> page, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var deadline = options.Value.LeaseDuration * DeliveryTimes.BatchShare;
        TimeSpan Remaining() => deadline - time.GetElapsedTime(started);

        await places.AskAsync(page).EndsWithinAsync(deadline / 4, time, cancellationToken).ConfigureAwait(false);
        await places.AgreeAsync(page, cancellationToken).ConfigureAwait(false);
        if (page.Select(message => places.Closed(message, doubts: false)).FirstOrDefault(closed => closed is not null) is { } closed)
        {
            return closed;
        }

        (page, var refused) = await payloads.PrepareAsync(page, deadline / 4, cancellationToken).ConfigureAwait(false);
        if (refused?.FirstOrDefault(result => result is not null) is { } unprepared)
        {
            return unprepared;
        }

        _sender ??= new GaplessSender(new SenderTools(factory, places, Guard, options, time) { RecordTime = RecordTime.Published });
        var outcome = await _sender.SendAsync(page, Remaining(), cancellationToken).ConfigureAwait(false);
        var results = Isolation.IsNeeded(outcome)
            ? await new Isolation(_sender, page, outcome, places.PlaceOf).RunAsync(Remaining, cancellationToken).ConfigureAwait(false)
            : outcome.Results;
        return Worst(results);
    }

    /// <summary>Nothing is sent any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_sender is not null)
        {
            await _sender.DisposeAsync().ConfigureAwait(false);
            _sender = null;
        }
    }

    private static PublishResult? Worst(PublishResult[] results)
    {
        var open = results.Where(result => result.Status != PublishStatus.Published).ToList();
        return open.Count == 0 ? null : open.OrderByDescending(result => result.Status == PublishStatus.Refused).ThenByDescending(result => result.Error is not null).First();
    }
}
