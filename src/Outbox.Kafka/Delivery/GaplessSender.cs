using Confluent.Kafka;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// Sends with one idempotent producer that never skips a message: a refused message is fatal to it (the gapless guarantee), and a batch that is not
/// acknowledged in time takes the producer with it, so what was queued behind is never sent.
/// </summary>
internal sealed class GaplessSender(SenderTools tools) : IBatchSender
{
    private OutboxProducer? _producer;

    /// <inheritdoc/>
    public async Task<ProduceBatch> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var batch = new ProduceBatch(messages);
        var producer = _producer ??= tools.Factory.Create();
        var started = tools.Time.GetTimestamp();
        batch.Produce(producer.Producer, tools.Factory.TopicPrefix, tools.Guard);
        try
        {
            await batch.Completed.WaitAsync(Rest(deadline, started), tools.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            await tools.Partitions.LearnAsync(producer.Producer.Handle, batch.UnansweredTopics).ConfigureAwait(false);
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

    private TimeSpan Rest(TimeSpan deadline, long started)
    {
        var rest = deadline - tools.Time.GetElapsedTime(started);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private void Abandon(string reason)
    {
        if (_producer is not null)
        {
            tools.Logger.ProducerAbandoned(reason);
            Dispose();
        }
    }
}
