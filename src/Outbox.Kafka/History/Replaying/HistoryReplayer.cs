using Microsoft.Extensions.Options;
using Outbox.Delivery.Publishing;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.Kafka.History.Replaying;

/// <summary>
/// Takes the next step of the replay whose turn it is: publishes a page, and notes how far it is. What was published and not noted, when it dies, is published again by whoever takes the next step: under
/// the same ids, so that a reader that has it knows it.
/// </summary>
internal sealed class HistoryReplayer(ReplayParts parts, IEnumerable<AnsweredTopic> topics, HistorySender sender, IOptions<OutboxOptions> options)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(5);

    private (string Request, int Size, long SaidAt) _at = ("", 0, 0);
    private HistoryReplay? _held;

    private TimeSpan Lease => options.Value.LeaseDuration;

    /// <returns>How long to wait for the next step; <see langword="null"/> if there is none to take.</returns>
    public async Task<TimeSpan?> StepAsync(CancellationToken stopping)
    {
        sender.Guard.Taking();
        if (await parts.Replays.TakeAsync(parts.Self, Lease, stopping).ConfigureAwait(false) is not { } replay)
        {
            return null;
        }

        _held = replay;
        sender.Guard.Taken(replay.SteppedAt ?? parts.Time.GetUtcNow());
        try
        {
            return await StepAsync(replay with { Error = null }, stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            await ((Task)WaitAsync(replay, error.Message, stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>This instance stops: another one may go on at once.</summary>
    public Task LeaveAsync() => _held is { } held ? parts.Replays.ReleaseAsync(held, parts.Self, TimeSpan.Zero, CancellationToken.None) : Task.CompletedTask;

    private async Task<TimeSpan?> StepAsync(HistoryReplay replay, CancellationToken stopping)
    {
        if (topics.FirstOrDefault(known => known.Topic == replay.Topic) is not { Options.ReplayPerSecond: { } perSecond } topic)
        {
            return await EndAsync(null, replay with { State = HistoryReplayState.Failed, Error = "its owner gives no history away any more" }, stopping).ConfigureAwait(false);
        }

        if (replay.State == HistoryReplayState.Cancelling)
        {
            return await EndAsync(topic, replay with { State = HistoryReplayState.Cancelled }, stopping).ConfigureAwait(false);
        }

        if (replay.Total is null)
        {
            if (!await parts.ExistsAsync(replay.Into, stopping).ConfigureAwait(false))
            {
                return await EndAsync(null, replay with { State = HistoryReplayState.Failed, Error = "there is no such topic" }, stopping).ConfigureAwait(false);
            }

            replay = replay with { Total = await CountAsync(topic, replay, stopping).ConfigureAwait(false) };
            if (!await TakeAgainAsync(replay, stopping).ConfigureAwait(false))
            {
                return TimeSpan.Zero;
            }
        }

        return await PublishAsync(topic, replay, perSecond, stopping).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> PublishAsync(AnsweredTopic topic, HistoryReplay replay, int perSecond, CancellationToken stopping)
    {
        var started = parts.Time.GetTimestamp();
        _at = _at.Request == replay.RequestId ? _at : (replay.RequestId, HistoryPage.First, 0);
        var page = await HistoryPage.ReadAsync(parts.History, topic.EntityType, replay.Place, Math.Min(_at.Size, perSecond), stopping).ConfigureAwait(false);
        if (page.Count == 0)
        {
            return await EndAsync(topic, replay with { State = HistoryReplayState.Completed }, stopping).ConfigureAwait(false);
        }

        if (parts.Time.GetElapsedTime(started) > Lease / 5)
        {
            // Reading has taken a part of the lease that publishing needs.
            await TakeAgainAsync(replay, stopping).ConfigureAwait(false);
        }

        var messages = page.Select(kept => ReplayMessages.Event(topic, kept.Message, replay, options.Value.Lanes)).ToList();
        if (_at.SaidAt == 0 || parts.Time.GetElapsedTime(_at.SaidAt) > SayAgain)
        {
            parts.Logger.ReplayProgress(replay.Topic, replay.Into, replay.Events, replay.Total ?? 0);
            messages.Insert(0, Said(topic, replay));
            _at.SaidAt = parts.Time.GetTimestamp();
        }

        if (await sender.SendAsync(messages, stopping).ConfigureAwait(false) is { } failed)
        {
            return failed.Status == PublishStatus.Refused
                ? await EndAsync(topic, replay with { State = HistoryReplayState.Failed, Error = failed.Error }, stopping).ConfigureAwait(false)
                : await WaitAsync(replay, failed.Error ?? "Kafka did not take all of a page", stopping).ConfigureAwait(false);
        }

        _at.Size = HistoryPage.SizeAfter(page, _at.Size);
        await KeepAsync(replay with { Events = replay.Events + page.Count }, new HistoryPlace(page[^1].Message.Entity, page[^1].Message.Version), stopping).ConfigureAwait(false);
        _held = _held is { } held ? held with { Error = null } : null;
        var due = TimeSpan.FromSeconds((double)page.Count / perSecond) - parts.Time.GetElapsedTime(started);
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }

    /// <summary>Tells the one who asked, behind all that was published; then it has ended. In between, it may be told twice.</summary>
    private async Task<TimeSpan?> EndAsync(AnsweredTopic? topic, HistoryReplay replay, CancellationToken stopping)
    {
        if (topic is not null && await sender.SendAsync([Said(topic, replay)], stopping).ConfigureAwait(false) is { Status: not PublishStatus.Refused } failed)
        {
            return await WaitAsync(replay, failed.Error ?? "Kafka did not take its end", stopping).ConfigureAwait(false);
        }

        await parts.Replays.EndAsync(replay, parts.Self, stopping).ConfigureAwait(false);
        _held = null;
        parts.Logger.ReplayEnded(replay.Topic, replay.Into, replay.State, replay.Events, replay.Error);
        return TimeSpan.Zero;
    }

    /// <summary>It is not its fault, as far as anybody knows. Another one has its turn meanwhile.</summary>
    private async Task<TimeSpan?> WaitAsync(HistoryReplay replay, string error, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        if (error != _held?.Error)
        {
            parts.Logger.ReplayWaits(replay.Topic, replay.Into, Rest, error);
        }

        await parts.Replays.ReleaseAsync(replay with { Error = error }, parts.Self, Rest, CancellationToken.None).ConfigureAwait(false);
        _held = null;
        return TimeSpan.Zero;
    }

    /// <summary>Counting a long history takes longer than a lease.</summary>
    private async Task<long> CountAsync(AnsweredTopic topic, HistoryReplay replay, CancellationToken stopping)
    {
        var counting = parts.History.CountAsync(topic.EntityType, stopping);
        while (await Task.WhenAny(counting, Task.Delay(Beat, parts.Time, stopping)).ConfigureAwait(false) != counting)
        {
            await KeepAsync(replay, null, stopping).ConfigureAwait(false);
        }

        return await counting.ConfigureAwait(false);
    }

    private Task<bool> TakeAgainAsync(HistoryReplay replay, CancellationToken stopping)
    {
        var now = sender.Guard.Now;
        sender.Guard.Taking();
        sender.Guard.Taken(now);
        return KeepAsync(replay, null, stopping);
    }

    private Task<bool> KeepAsync(HistoryReplay replay, HistoryPlace? place, CancellationToken stopping) => parts.Replays.AdvanceAsync(replay, place, parts.Self, Lease, stopping);

    private OutboxMessage Said(AnsweredTopic topic, HistoryReplay replay) => ReplayMessages.Said(topic, replay, options.Value.Lanes, parts.Time.GetUtcNow());
}
