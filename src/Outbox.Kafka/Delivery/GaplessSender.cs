using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// Sends with one idempotent producer that never skips a message: a refused message is fatal to it (the gapless guarantee), and a batch that is not
/// acknowledged in time takes the producer with it, so what was queued behind is never sent.
/// </summary>
internal sealed class GaplessSender(ProducerFactory factory, TimeProvider time, ILogger logger) : IBatchSender
{
    private OutboxProducer? _producer;

    /// <inheritdoc/>
    public async Task<ProduceBatch> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var batch = new ProduceBatch(messages);
        var producer = _producer ??= factory.Create();
        batch.Produce(producer.Producer, factory.TopicPrefix);
        try
        {
            await batch.Completed.WaitAsync(deadline, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Abandon($"a batch of {messages.Count} messages was not acknowledged within {deadline}");
            batch.CloseWith($"not acknowledged by Kafka within {deadline}");
        }

        if (producer.Fatal is { } fatal)
        {
            Abandon(fatal.Reason);
        }

        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _producer?.Dispose();
        _producer = null;
    }

    private void Abandon(string reason)
    {
        if (_producer is not null)
        {
            logger.ProducerAbandoned(reason);
            Dispose();
        }
    }
}
