using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Dispatching;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>Has as many messages in memory as are wanted, and no more. Touched by the consuming thread alone.</summary>
internal sealed class Intake(EndpointName endpoint, IDispatcher dispatcher, TopicEndpointSettings settings, ILogger logger)
{
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(1);

    private bool _paused;

    public void Take(Passage message) => dispatcher.Enqueue(message);

    /// <summary>Pausing makes librdkafka throw away what it has fetched, so it is for slow consumers only; fast ones are waited for.</summary>
    public void Balance(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment, CancellationToken stopping)
    {
        if (!_paused && dispatcher.WaitForRoom(PauseAfter, stopping))
        {
            return;
        }

        var wasPaused = _paused;
        _paused = dispatcher.Pending > settings.PrefetchCount / 2;
        if (_paused)
        {
            assignment.Pause(consumer);
            if (!wasPaused)
            {
                logger.ReadingPaused(endpoint.Topic, endpoint.Group, dispatcher.Pending);
            }
        }
        else
        {
            assignment.Resume(consumer);
        }
    }
}
