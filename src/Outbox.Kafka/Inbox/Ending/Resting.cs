using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Has messages that were put back rest, and says why while they do.</summary>
internal sealed class Resting(EndpointName endpoint, EndpointHealth health, RetryWaits waits, ILogger logger)
{
    public async Task RestAsync(IReadOnlyList<Passage> messages, Rest rest)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource([.. messages.Select(message => message.Lifetime.Closing).Distinct()]);
        if (rest.Until is { } until)
        {
            await until.WaitAsync(closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var returns = messages.Max(message => message.Returns);
        if (rest.Cause is { } cause)
        {
            logger.Outage(cause, endpoint.Group, messages[0].Record.Position.ToString(), waits.After(returns));
            await health.FaultedAsync(EndpointHealth.Outage, cause).ConfigureAwait(false);
        }

        await waits.WaitAsync(returns, closing.Token).ConfigureAwait(false);
    }

    public void Retried(ParkedMessage parked, InboxOutcome outcome) => logger.Retried(endpoint.Group, parked.MessageId, outcome);

    /// <summary>A message came to its end: whatever kept others from theirs is over.</summary>
    public async Task EndAsync()
    {
        if (health.Suffers(EndpointHealth.Outage) && await health.RecoveredAsync(EndpointHealth.Outage).ConfigureAwait(false))
        {
            logger.OutageEnded(endpoint.Group);
        }
    }
}
