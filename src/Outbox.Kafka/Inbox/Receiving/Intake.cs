using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Dispatching;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;
using Outbox.Operations.Pausing;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>Has as many messages in memory as are wanted, and no more, and says what keeps reading back. Touched by the consuming thread alone.</summary>
internal sealed class Intake(EndpointName endpoint, IDispatcher dispatcher, EndpointHealth health, PauseBook pauses, ILogger logger)
{
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(1);

    private readonly PauseTarget _self = PauseTarget.Endpoint(endpoint.Group);
    private bool _paused;
    private bool _rests;

    public void Take(Passage message) => dispatcher.Enqueue(message);

    /// <summary>Pausing makes librdkafka throw away what it has fetched, so it is for slow consumers only; fast ones are waited for.</summary>
    public void Balance(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment, CancellationToken stopping)
    {
        var rests = pauses.MustRest(_self);
        if (_rests && !rests)
        {
            // Nobody could finish anything.
            health.State.Progressed();
        }

        _rests = rests;
        if (!rests && !_paused && !dispatcher.AsideRoom.IsFull && dispatcher.Room.Wait(PauseAfter, stopping))
        {
            return;
        }

        var wasPaused = _paused;
        _paused = rests || !dispatcher.Room.IsHalfEmpty || dispatcher.AsideRoom.IsFull;
        if (_paused)
        {
            assignment.Pause(consumer);
            if (!wasPaused && !rests)
            {
                logger.ReadingPaused(endpoint.Topic, endpoint.Group, dispatcher.Room.Messages);
            }
        }
        else
        {
            assignment.Resume(consumer);
        }
    }

    /// <summary>Says what waits in its partition, and which partitions read no further.</summary>
    public void Report(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment)
    {
        if (assignment.TakeFinished() is var finished and > 0)
        {
            health.State.Progressed(finished);
        }

        if (assignment.LagIsDue())
        {
            health.State.Report(assignment.Count, assignment.Lag(consumer), assignment.OldestOpen);
        }

        Report(EndpointHealth.NoRoom, dispatcher.Aside?.Reason);
        Report(EndpointHealth.Uncommitted, assignment.HeldBack);
    }

    /// <summary>The consumer has ended, and its partitions are no longer this instance's.</summary>
    public void Ended() => health.State.Left();

    private void Report(string cause, string? reason)
    {
        if (reason is null)
        {
            if (health.Suffers(cause) && health.RecoveredAsync(cause).GetAwaiter().GetResult())
            {
                logger.ReadingGoesOn(endpoint.Topic, endpoint.Group, cause);
            }
        }
        else if (!health.Suffers(cause) && health.FaultedAsync(cause, new OutboxException(reason)).GetAwaiter().GetResult())
        {
            logger.ReadingHeldBack(endpoint.Topic, endpoint.Group, reason);
        }
    }
}
